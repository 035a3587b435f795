// Creates, edits and reads back an issue, and asks GraphQL.
// Arguments: base URL, token.
import { Octokit } from "@octokit/rest";

const [baseUrl, auth] = process.argv.slice(2);
const octokit = new Octokit({ baseUrl, auth });
const repo = { owner: "octocat", repo: "hello-world" };
const newest = async () =>
  (await octokit.rest.issues.listForRepo({ ...repo, per_page: 5 })).data[0];

const before = await newest();
const { data: made } = await octokit.rest.issues.create({ ...repo, title: "made by Octokit" });
const after = await newest();
await octokit.rest.issues.update({ ...repo, issue_number: made.number, title: "edited" });
const { data: edited } = await octokit.rest.issues.get({ ...repo, issue_number: made.number });
const { viewer } = await octokit.graphql("query { viewer { login } }");
console.log(JSON.stringify({
  before: before.number,
  made: made.number,
  after: after.number,
  title: edited.title,
  login: viewer.login,
}));

// Asks with the ETag it was given before, and says whether that was a 304.
// Arguments: base URL, token.
import { Octokit } from "@octokit/rest";

const [baseUrl, auth] = process.argv.slice(2);
const octokit = new Octokit({ baseUrl, auth });
const route = "GET /repos/{owner}/{repo}/labels";
const repo = { owner: "octocat", repo: "hello-world" };

const first = await octokit.request(route, repo);
let second = 200;
try {
  await octokit.request(route, { ...repo, headers: { "if-none-match": first.headers.etag } });
} catch (error) {
  second = error.status;
}
console.log(JSON.stringify({ etag: first.headers.etag, second }));

// Reads what a script reads with @octokit/rest and its plugins, and prints it as JSON.
// Arguments: base URL, token.
import { Octokit } from "@octokit/rest";
import { retry } from "@octokit/plugin-retry";
import { throttling } from "@octokit/plugin-throttling";

const [baseUrl, auth] = process.argv.slice(2);
const limits = [];
const note = (kind) => (after, options) => {
  limits.push([kind, options.url]);
  return false;
};
const Client = Octokit.plugin(retry, throttling);
const octokit = new Client({
  baseUrl,
  auth,
  throttle: { onRateLimit: note("primary"), onSecondaryRateLimit: note("secondary") },
});
const repo = { owner: "octocat", repo: "hello-world" };

const issues = await octokit.paginate(octokit.rest.issues.listForRepo, { ...repo, per_page: 30 });
const pages = [];
for await (const page of octokit.paginate.iterator(
  octokit.rest.actions.listWorkflowRunsForRepo, { ...repo, per_page: 10 })) {
  pages.push(page.data.map((run) => run.id));
}
const { data: one, headers } = await octokit.rest.repos.get(repo);
const { data: readme } = await octokit.rest.repos.getReadme({
  ...repo, mediaType: { format: "raw" },
});
let missing = 0;
try {
  await octokit.rest.repos.get({ owner: "octocat", repo: "none-such" });
} catch (error) {
  missing = error.status;
}
console.log(JSON.stringify({
  issues: issues.map((issue) => issue.number),
  pages,
  name: one.full_name,
  remaining: Number(headers["x-ratelimit-remaining"]),
  readme,
  missing,
  limits,
}));

// Asks once with the retry plugin; prints what came in the end.
// Arguments: base URL, token, path.
import { Octokit } from "@octokit/rest";
import { retry } from "@octokit/plugin-retry";

const [baseUrl, auth, path] = process.argv.slice(2);
const Client = Octokit.plugin(retry);
const octokit = new Client({ baseUrl, auth, retry: { retryAfterBaseValue: 10 } });
try {
  const { status, data } = await octokit.request(`GET ${path}`);
  console.log(JSON.stringify({ status, size: JSON.stringify(data).length }));
} catch (error) {
  console.log(JSON.stringify({ status: error.status, message: error.message }));
}

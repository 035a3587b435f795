# Reads with Octokit for Ruby and prints it as JSON. Arguments: base URL, token.
require "json"
require "octokit"

Octokit.configure do |config|
  config.api_endpoint = "#{ARGV[0]}/"
  config.auto_paginate = true
  config.per_page = 30
end
client = Octokit::Client.new(access_token: ARGV[1])
repo = "octocat/hello-world"
issues = client.list_issues(repo).map(&:number)
runs = client.get("/repos/#{repo}/actions/runs", per_page: 10).workflow_runs.map(&:id)
one = client.repository(repo)
missing = begin
  client.repository("octocat/none-such")
  0
rescue Octokit::NotFound => e
  e.response_status
end
puts JSON.generate(
  issues: issues, runs: runs, name: one.full_name, missing: missing,
  releases: client.releases(repo).map(&:tag_name), login: client.user.login,
  remaining: client.last_response.headers["x-ratelimit-remaining"].to_i
)

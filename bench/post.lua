-- Posts one fixed body; run.sh says which, through the environment, so that no key shows in `ps`.
wrk.method = "POST"
wrk.body = os.getenv("BENCH_BODY")
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Accept"] = "application/json, text/event-stream"

local function header(name, variable)
  local value = os.getenv(variable)
  if value and value ~= "" then
    wrk.headers[name] = value
  end
end

header("Authorization", "BENCH_AUTHORIZATION")
header("Mcp-Session-Id", "BENCH_SESSION")
header("MCP-Protocol-Version", "BENCH_PROTOCOL")

-- Requests of one session that are under way at the same time need ids of their own.
local before, after = wrk.body:match('^(.-"id":)%d+(.*)$')
if before and (os.getenv("BENCH_SESSION") or "") ~= "" then
  local id = 0
  request = function()
    id = id + 1
    return wrk.format(nil, nil, nil, before .. id .. after)
  end
end

-- One line for run.sh: requests, duration in us, p50 and p99 in us, non-2xx answers, broken sockets.
done = function(summary, latency, _)
  local errors = summary.errors
  io.write(string.format(
    "RESULT %d %d %d %d %d %d\n",
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end

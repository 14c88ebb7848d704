-- wrk -s load.lua URL -- FILE PREFIX
-- Sends the requests of FILE in turn, one a line: method, path and body, with tabs between. @ADDRESS@ in a body is an
-- address that was never sent before, @ADDRESSES@ a hundred of them in quotes; PREFIX keeps those of two runs apart.
local requests, prefix, at, made = {}, '', 0, 0

local function fresh()
  made = made + 1
  return string.format('0x%s%016x', prefix, made)
end

local function hundred()
  local all = {}
  for n = 1, 100 do all[n] = '"' .. fresh() .. '"' end
  return table.concat(all, ',')
end

function init(args)
  prefix = args[2]
  local headers = { ['content-type'] = 'application/json' }
  for line in io.lines(args[1]) do
    local method, path, body = line:match('^([^\t]*)\t([^\t]*)\t(.*)$')
    if body == '' then body = nil end
    local before, mark, after = (body or ''):match('^(.*)(@ADDRESS%u*@)(.*)$')
    if mark then
      local make = mark == '@ADDRESS@' and fresh or hundred
      requests[#requests + 1] = function()
        return wrk.format(method, path, headers, before .. make() .. after)
      end
    else
      requests[#requests + 1] = wrk.format(method, path, headers, body)
    end
  end
end

function request()
  at = at % #requests + 1
  local one = requests[at]
  if type(one) == 'function' then return one() end
  return one
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '{"requests":%d,"microseconds":%d,"bytes":%d,"non2xx":%d,"socket":%d,"timeouts":%d,' ..
      '"p50":%d,"p90":%d,"p99":%d,"p999":%d,"max":%d}\n',
    summary.requests, summary.duration, summary.bytes, e.status, e.connect + e.read + e.write, e.timeout,
    latency:percentile(50), latency:percentile(90), latency:percentile(99), latency:percentile(99.9), latency.max
  ))
end

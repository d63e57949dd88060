-- Pauses or resumes a cron job. What passed while it was paused counts as fired.
-- KEYS[1] hash of jobs, see cron.lua   ARGV job, on or paused, now, schedule
-- Replies the last fire time, and on or paused.
-- What cannot be true counts as absent: others may write here.
local value = redis.call('HGET', KEYS[1], ARGV[1]) or ''
local last = string.match(value, '^%d+')
last = last and #last <= 15 and last or ARGV[3]
local id, before, schedule = string.match(value, '^%d+ (%S+) (%S+) ?(.*)$')
local millis, sequence = string.match(id or '', '^(%d+)-(%d+)$')
id = millis and #millis < 20 and #sequence < 20 and id or '-'
if before == 'paused' and ARGV[2] == 'on' and tonumber(ARGV[3]) > tonumber(last) then
  last = ARGV[3]
end
redis.call('HSET', KEYS[1], ARGV[1], last .. ' ' .. id .. ' ' .. ARGV[2] .. ' ' .. (schedule or ARGV[4]))
return {last, ARGV[2]}

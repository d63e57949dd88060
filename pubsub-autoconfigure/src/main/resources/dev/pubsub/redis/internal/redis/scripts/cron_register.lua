-- Makes a cron job known and tells when it fired last. A job that is new, or has another schedule than before,
-- counts as fired just now: no fire time before that was missed.
-- KEYS[1] hash of jobs, see cron.lua   ARGV job, now, schedule
-- Replies the last fire time, and on or paused.
-- What cannot be true counts as absent: others may write here.
local value = redis.call('HGET', KEYS[1], ARGV[1]) or ''
local last = string.match(value, '^%d+')
last = last and #last <= 15 and last or nil
local id, mode, schedule = string.match(value, '^%d+ (%S+) (%S+) ?(.*)$')
local millis, sequence = string.match(id or '', '^(%d+)-(%d+)$')
id = millis and #millis < 20 and #sequence < 20 and id or '-'
mode = mode == 'paused' and mode or 'on'
schedule = schedule or ''
if last and schedule == ARGV[3] then
	return {last, mode}
end
local changed = schedule ~= ''
if not last or (changed and tonumber(ARGV[2]) > tonumber(last)) then
	last = ARGV[2]
end
redis.call('HSET', KEYS[1], ARGV[1], last .. ' ' .. id .. ' ' .. mode .. ' ' .. ARGV[3])
return {last, mode}

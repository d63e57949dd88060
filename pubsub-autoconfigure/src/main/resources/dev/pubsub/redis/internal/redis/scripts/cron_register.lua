-- Makes a cron job known and tells when it fired last. A job that is new, or has another schedule than before,
-- counts as fired just now: no fire time before that was missed.
-- KEYS[1] hash of jobs, see cron.lua   ARGV job, now, schedule
-- Replies the last fire time, and on or paused.
local value = redis.call('HGET', KEYS[1], ARGV[1]) or ''
local last = string.match(value, '^%d+')
local id, mode, schedule = string.match(value, '^%d+ (%S+) (%S+) ?(.*)$')
id, mode, schedule = id or '-', mode or 'on', schedule or ''
if last and schedule == ARGV[3] then
	return {last, mode}
end
local changed = schedule ~= ''
if not last or (changed and tonumber(ARGV[2]) > tonumber(last)) then
	last = ARGV[2]
end
redis.call('HSET', KEYS[1], ARGV[1], last .. ' ' .. id .. ' ' .. mode .. ' ' .. ARGV[3])
return {last, mode}

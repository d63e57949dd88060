-- Pauses or resumes a cron job.
-- KEYS[1] hash of jobs, see cron.lua   ARGV job, on or paused, now, schedule
-- Replies the last fire time, and on or paused.
local value = redis.call('HGET', KEYS[1], ARGV[1]) or ''
local last = string.match(value, '^%d+') or ARGV[3]
local id, _, schedule = string.match(value, '^%d+ (%S+) (%S+) ?(.*)$')
redis.call('HSET', KEYS[1], ARGV[1], last .. ' ' .. (id or '-') .. ' ' .. ARGV[2] .. ' ' .. (schedule or ARGV[4]))
return {last, ARGV[2]}

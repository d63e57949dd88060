-- Fires a cron job: claims a fire time and adds its message in one step. The message comes first: when it
-- is refused the script ends there, and the fire time can still be claimed.
-- KEYS[1] stream, KEYS[2] hash with one field per job: "<last fire time> <id of its message or -> <on or paused> <schedule>"
-- ARGV job, fire time, last fire time that the caller knows, ALLOW or SKIP, greatest length of the stream or 0, field, value, …
-- Replies an outcome, the last fire time, on or paused, and a detail:
-- FIRED (id of the message), PASSED (it was claimed before), MOVED (another one was, which the caller does not know),
-- PAUSED, OVERLAP (group in which the previous message is not settled). All but MOVED claim the fire time.
-- What cannot be true counts as absent: others may write here.
local value = redis.call('HGET', KEYS[2], ARGV[1]) or ''
local last = string.match(value, '^%d+')
last = last and #last <= 15 and last or nil
local id, mode, schedule = string.match(value, '^%d+ (%S+) (%S+) ?(.*)$')
local millis, sequence = string.match(id or '', '^(%d+)-(%d+)$')
id = millis and #millis < 20 and #sequence < 20 and id or '-'
mode = mode == 'paused' and mode or 'on'
schedule = schedule or ''

local function claim(message)
	redis.call('HSET', KEYS[2], ARGV[1], ARGV[2] .. ' ' .. message .. ' ' .. mode .. ' ' .. schedule)
end

local function isAfter(first, second)
	local firstMillis, firstSequence = string.match(first, '^(%d+)-(%d+)$')
	local secondMillis, secondSequence = string.match(second, '^(%d+)-(%d+)$')
	if firstMillis ~= secondMillis then
		return tonumber(firstMillis) > tonumber(secondMillis)
	end
	return tonumber(firstSequence) > tonumber(secondSequence)
end

local function unsettled(message)
	if message == '-' or redis.call('EXISTS', KEYS[1]) == 0 then
		return nil
	end
	local exists = redis.call('XRANGE', KEYS[1], message, message)[1]
	for _, info in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
		local group = {}
		for i = 1, #info, 2 do
			group[info[i]] = info[i + 1]
		end
		if exists and isAfter(message, group['last-delivered-id']) then
			return group.name
		end
		if redis.call('XPENDING', KEYS[1], group.name, message, message, 1)[1] then
			return group.name
		end
	end
	return nil
end

if last and tonumber(ARGV[2]) <= tonumber(last) then
	return {'PASSED', last, mode, ''}
end
if last and last ~= ARGV[3] then
	return {'MOVED', last, mode, ''}
end
if mode == 'paused' then
	claim(id)
	return {'PAUSED', ARGV[2], mode, ''}
end
local group = ARGV[4] == 'SKIP' and unsettled(id)
if group then
	claim(id)
	return {'OVERLAP', ARGV[2], mode, group}
end
local message
if ARGV[5] == '0' then
	message = redis.call('XADD', KEYS[1], '*', unpack(ARGV, 6))
else
	message = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[5], '*', unpack(ARGV, 6))
end
claim(message)
return {'FIRED', ARGV[2], mode, message}

-- Tells whether a sealed partition has nothing left that a group has to handle, and removes it if that was asked for.
-- KEYS[1] stream   ARGV group, or nothing for all groups, 1 to remove it
-- Replies 1 if so, or if there is no such stream, 0 if not, -1 if it is not sealed.
local function pairsOf(list)
	local values = {}
	for i = 1, #list, 2 do
		values[list[i]] = list[i + 1]
	end
	return values
end

local greatest = '18446744073709551615-18446744073709551615'
local info = redis.pcall('XINFO', 'STREAM', KEYS[1])
if info.err then
	return string.find(info.err, 'no such key', 1, true) and 1 or info
end
local stream = pairsOf(info)
if stream['last-generated-id'] ~= greatest then
	return -1
end
local found = false
for _, each in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
	local group = pairsOf(each)
	if ARGV[1] == '' or ARGV[1] == group.name then
		found = true
		local delivered = group['last-delivered-id']
		if group.pending > 0 then
			return 0
		end
		if stream.length > 0 and delivered ~= greatest and
			#redis.call('XRANGE', KEYS[1], '(' .. delivered, '+', 'COUNT', 1) > 0 then
			return 0
		end
	end
end
if not found and stream.length > 0 then
	return 0
end
if ARGV[2] == '1' then
	redis.call('DEL', KEYS[1])
end
return 1

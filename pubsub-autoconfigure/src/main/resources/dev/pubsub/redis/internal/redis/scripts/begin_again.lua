-- Creates a group that was lost, or moves it back where another consumer began it again after entries that are not
-- settled.
-- KEYS[1] stream, KEYS[2] where the group began again   ARGV group, id up to which everything is settled, for a group
-- that is created, id behind which something is not settled, for one that is moved back, 1 if the group is known to have
-- been lost, seconds to keep KEYS[2]
-- Replies 1 if the group was created or moved back, else 0, and the last id that counts as delivered.
local function parts(id)
	local millis, sequence = string.match(id or '', '^(%d+)%-(%d+)$')
	return millis and { millis, sequence }
end
-- Numbers of Lua have fewer digits than ids.
local function less(one, other)
	for i = 1, 2 do
		if #one[i] ~= #other[i] then
			return #one[i] < #other[i]
		elseif one[i] ~= other[i] then
			return one[i] < other[i]
		end
	end
	return false
end
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
local from = ARGV[2]
if not last or less(parts(last[1]), parts(from)) then
	from = '0-0'
end
local created = redis.pcall('XGROUP', 'CREATE', KEYS[1], ARGV[1], from, 'MKSTREAM')
if type(created) ~= 'table' or not created.err then
	redis.call('SET', KEYS[2], from, 'EX', ARGV[5])
	return { 1, from }
elseif not string.find(created.err, 'BUSYGROUP', 1, true) then
	return created
end
local delivered, at
for _, group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
	local fields = {}
	for i = 1, #group, 2 do
		fields[group[i]] = group[i + 1]
	end
	if fields['name'] == ARGV[1] then
		at = fields['last-delivered-id']
		delivered = parts(at)
	end
end
local back = ARGV[3]
local began = parts(redis.call('GET', KEYS[2])) or (ARGV[4] == '1' and delivered)
if delivered and began and less(parts(back), began) and less(parts(back), delivered) and
	#redis.call('XRANGE', KEYS[1], '(' .. back, began[1] .. '-' .. began[2], 'COUNT', 1) > 0 then
	redis.call('XGROUP', 'SETID', KEYS[1], ARGV[1], back)
	redis.call('SET', KEYS[2], back, 'EX', ARGV[5])
	return { 1, back }
end
return { 0, at }

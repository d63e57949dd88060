-- Creates a group that is absent, or moves it back where another consumer began it again after entries that are not
-- settled. Each beginning is a generation of the group, with a number that only rises.
-- KEYS[1] stream, KEYS[2] the generations of the last hour, and where each began   ARGV group, what is known: 2 if the
-- group is to be created where it is absent, 1 if it is known to have been lost, else 0, id after which a group that is
-- created begins, id behind which something is not settled, for one that is moved back, id behind which replies were
-- lost, or nothing, last generation that the consumer knows, seconds to keep KEYS[2]
-- Replies 1 if the group was created or moved back, else 0, the last id that counts as delivered, the generation, and
-- the lowest id after which it began in the generations that the consumer did not know.
local most = 16
local function parts(id)
	local millis, sequence = string.match(id or '', '^(%d+)%-(%d+)$')
	return millis and { millis, sequence }
end
-- Numbers of Lua have fewer digits than ids.
local function less(one, other)
	one, other = parts(one), parts(other)
	for i = 1, 2 do
		if #one[i] ~= #other[i] then
			return #one[i] < #other[i]
		elseif one[i] ~= other[i] then
			return one[i] < other[i]
		end
	end
	return false
end
local function lower(one, other)
	return (other and less(other, one)) and other or one
end
local generations = {}
for number, id in string.gmatch(redis.call('GET', KEYS[2]) or '', '(%d+)=(%d+%-%d+)') do
	generations[#generations + 1] = { tonumber(number), id }
end
local function unknown()
	local lowest
	for _, generation in ipairs(generations) do
		if generation[1] > tonumber(ARGV[6]) then
			lowest = lower(generation[2], lowest)
		end
	end
	return lowest
end
local function reply(changed, at)
	local last = generations[#generations]
	return { changed, at, last and string.format('%.0f', last[1]) or '0', lower(at, unknown()) }
end
local function begins(id)
	local time = redis.call('TIME')
	local last = generations[#generations]
	local number = math.max(time[1] * 1000000 + time[2], last and last[1] + 1 or 0)
	generations[#generations + 1] = { number, id }
	if #generations > most then
		local first = table.remove(generations, 1)
		generations[1][2] = lower(generations[1][2], first[2])
	end
	local texts = {}
	for i, generation in ipairs(generations) do
		texts[i] = string.format('%.0f=%s', generation[1], generation[2])
	end
	redis.call('SET', KEYS[2], table.concat(texts, ' '), 'EX', ARGV[7])
	return reply(1, id)
end
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
local from = ARGV[3]
if ARGV[2] ~= '2' then
	from = lower(from, unknown())
	from = (ARGV[5] ~= '') and lower(from, ARGV[5]) or from
end
if not last or less(last[1], from) then
	from = '0-0'
end
local created = redis.pcall('XGROUP', 'CREATE', KEYS[1], ARGV[1], from, 'MKSTREAM')
if type(created) ~= 'table' or not created.err then
	-- A group of a stream without entries is a new one.
	return (last or ARGV[2] ~= '2') and begins(from) or reply(1, from)
elseif not string.find(created.err, 'BUSYGROUP', 1, true) then
	return created
end
local delivered
for _, group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
	local fields = {}
	for i = 1, #group, 2 do
		fields[group[i]] = group[i + 1]
	end
	if fields['name'] == ARGV[1] then
		delivered = fields['last-delivered-id']
	end
end
local back = ARGV[4]
if ARGV[5] ~= '' and (unknown() or ARGV[2] == '1') then
	back = lower(lower(back, ARGV[5]), unknown())
end
local latest = generations[#generations]
local began = latest and latest[2] or (ARGV[2] == '1' and delivered)
if ARGV[2] ~= '2' and began and less(back, began) and less(back, delivered) and
	#redis.call('XRANGE', KEYS[1], '(' .. back, began, 'COUNT', 1) > 0 then
	redis.call('XGROUP', 'SETID', KEYS[1], ARGV[1], back)
	return begins(back)
end
return reply(0, delivered)

-- Adds an entry at most once, and trims only what every group has acknowledged. An error means
-- that nothing was added: what can be refused comes first, and what follows must not fail.
-- KEYS[1] stream, KEYS[2] optional marker that holds the id of the entry once it is added
-- ARGV milliseconds that the marker lasts, number of trimming arguments, those for XTRIM,
-- those for XADD
-- Replies the id, of this or the first time, or nothing when there is no stream.

-- Compares numbers of up to 20 digits, which Lua's own do not hold.
local function isAtMost(first, second)
	first, second = string.gsub(first, '^0+', ''), string.gsub(second, '^0+', '')
	if #first ~= #second then
		return #first < #second
	end
	return first <= second
end

local function parse(id)
	local millis, sequence = string.match(id, '^(%d+)-(%d+)$')
	local largest = '18446744073709551615'
	if millis and isAtMost(millis, largest) and isAtMost(sequence, largest) then
		return millis, sequence
	end
end

-- Whether the stream has come as far as an id. Without the right to look, an id is believed.
local function hasReached(millis, sequence)
	local info = redis.pcall('XINFO', 'STREAM', KEYS[1])
	if info.err then
		return not string.find(info.err, 'no such key', 1, true)
	end
	for i = 1, #info, 2 do
		if info[i] == 'last-generated-id' then
			local lastMillis, lastSequence = parse(info[i + 1])
			if millis == lastMillis then
				return isAtMost(sequence, lastSequence)
			end
			return isAtMost(millis, lastMillis)
		end
	end
	return true
end

if KEYS[2] then
	local known = redis.pcall('GET', KEYS[2])
	if type(known) == 'table' and not string.find(known.err, 'WRONGTYPE', 1, true) then
		return known
	end
	-- What cannot be the id of an entry of this stream says nothing about the message.
	if type(known) == 'string' then
		local millis, sequence = parse(known)
		if millis and hasReached(millis, sequence) then
			-- Kept for longer, and a write: WAIT behind what wrote nothing would not wait.
			redis.pcall('SET', KEYS[2], known, 'PX', ARGV[1])
			return known
		end
	end
	-- May it be set at all? Nobody sees it before the script ends.
	redis.call('SET', KEYS[2], '', 'PX', ARGV[1])
end
local trimming = tonumber(ARGV[2])
local id = redis.pcall('XADD', KEYS[1], unpack(ARGV, 3 + trimming))
local added = type(id) == 'string'
if KEYS[2] then
	redis.call('SET', KEYS[2], added and id or '', 'PX', added and ARGV[1] or 1)
end
-- Without a group everything counts as acknowledged.
if added and trimming > 0 and #redis.pcall('XINFO', 'GROUPS', KEYS[1]) > 0 then
	redis.pcall('XTRIM', KEYS[1], unpack(ARGV, 3, 2 + trimming))
end
return id

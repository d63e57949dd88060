-- Adds an entry at most once, and trims only what every group has acknowledged. The entry
-- comes first: when it is refused the script ends there, and can be tried again.
-- KEYS[1] stream, KEYS[2] optional marker that holds the id of the entry once it is added
-- ARGV milliseconds that the marker lasts, number of trimming arguments, those for XTRIM,
-- those for XADD
-- Replies the id, of this or the first time, or nothing when there is no stream.
if KEYS[2] then
	local known = redis.call('GET', KEYS[2])
	if known then
		return known
	end
end
local trimming = tonumber(ARGV[2])
local id = redis.call('XADD', KEYS[1], unpack(ARGV, 3 + trimming))
if not id then
	return false
end
if KEYS[2] then
	redis.call('SET', KEYS[2], id, 'PX', ARGV[1])
end
-- Without a group everything counts as acknowledged.
if trimming > 0 and #redis.call('XINFO', 'GROUPS', KEYS[1]) > 0 then
	redis.call('XTRIM', KEYS[1], unpack(ARGV, 3, 2 + trimming))
end
return id

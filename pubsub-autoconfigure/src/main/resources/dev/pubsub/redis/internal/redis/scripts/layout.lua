-- Creates the layout of a partitioned stream, unless there is one.
-- KEYS[1] layout   ARGV field, value, … of a new layout
-- Replies the fields and values of the layout.
if redis.call('EXISTS', KEYS[1]) == 0 then
	redis.call('HSET', KEYS[1], unpack(ARGV))
end
return redis.call('HGETALL', KEYS[1])

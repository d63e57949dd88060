-- Tells all who use a partitioned stream that its count is being raised, so that each can go on with it. The first wins.
-- A number that is no greater multiple of the present one is none.
-- KEYS[1] layout   ARGV generation that is to be followed, new count
-- Replies the fields and values of the layout.
local layout = redis.call('HMGET', KEYS[1], 'generation', 'count', 'raising')
local count = tonumber(layout[2] or '')
local raising = tonumber(layout[3] or '') or 0
if layout[1] == ARGV[1] and count and (raising <= count or raising % count ~= 0) then
	redis.call('HSET', KEYS[1], 'raising', ARGV[2])
end
return redis.call('HGETALL', KEYS[1])

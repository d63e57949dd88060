-- Writes the layout of a partitioned stream, unless there is one of the same generation or a later one.
-- KEYS[1] layout   ARGV generation, field, value, …
-- Replies the fields and values of the layout.
local fields = redis.call('HGETALL', KEYS[1])
local generation = #fields == 0 and 0 or nil
for i = 1, #fields, 2 do
	if fields[i] == 'generation' then
		generation = tonumber(fields[i + 1])
	end
end
if generation and generation < tonumber(ARGV[1]) then
	redis.call('HSET', KEYS[1], unpack(ARGV, 2))
	if tonumber(ARGV[1]) > 1 then
		redis.call('HSET', KEYS[1], 'since', string.format('%.0f', redis.call('TIME')[1] * 1000))
	end
	return redis.call('HGETALL', KEYS[1])
end
return fields

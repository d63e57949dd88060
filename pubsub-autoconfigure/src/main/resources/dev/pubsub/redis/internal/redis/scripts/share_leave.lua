-- Says that an instance leaves: the others take its partitions as soon as it releases them.
-- KEYS[1] instances, KEYS[2] partitions   ARGV instance
-- Replies 1 if it was there.
local own = ARGV[1] .. ' '
local shares = redis.call('HGETALL', KEYS[2])
for i = 1, #shares, 2 do
	if string.sub(shares[i + 1], 1, #own) == own then
		redis.call('HDEL', KEYS[2], shares[i])
	end
end
return redis.call('ZREM', KEYS[1], ARGV[1])

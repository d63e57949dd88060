-- Says that an instance is there and which partitions it owns, and tells the same of all instances.
-- KEYS[1] instances, KEYS[2] partitions   ARGV instance, milliseconds for which it counts without saying so again, then
-- for each partition that it owns: name, owner and token
-- Replies the instances, and for each partition that is owned: name, instance, owner and token in one text. Of two that
-- say to own a partition the one with the greater token counts. What an instance said that is gone, or anybody else
-- wrote, is forgotten.
local function token(share)
	return tonumber(string.match(share, ' (%d+)$'))
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - tonumber(ARGV[2]))
redis.call('ZADD', KEYS[1], now, ARGV[1])
local instances, own, owned, known = {}, ARGV[1] .. ' ', {}, {}
local members = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
for i = 1, #members, 2 do
	instances[members[i]] = true
	if tonumber(members[i + 1]) > now then
		-- The clock was ahead.
		redis.call('ZADD', KEYS[1], now, members[i])
	end
end
for i = 3, #ARGV, 2 do
	owned[ARGV[i]] = true
end
local shares = redis.call('HGETALL', KEYS[2])
for i = 1, #shares, 2 do
	local instance, number = string.match(shares[i + 1], '^(%S+) .+ (%d+)$')
	if not instances[instance or ''] or #number > 18 or (instance == ARGV[1] and not owned[shares[i]]) then
		redis.call('HDEL', KEYS[2], shares[i])
	else
		known[shares[i]] = shares[i + 1]
	end
end
for i = 3, #ARGV, 2 do
	local said, before = own .. ARGV[i + 1], known[ARGV[i]]
	if said ~= before and (not before or token(said) >= token(before)) then
		redis.call('HSET', KEYS[2], ARGV[i], said)
	end
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[2])
return { redis.call('ZRANGE', KEYS[1], 0, -1), redis.call('HGETALL', KEYS[2]) }

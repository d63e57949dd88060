-- Copies an owned entry to its dead-letter stream and acknowledges it. An entry that was deleted
-- while it was owned is nobody's, and cannot come again: what its owner has of it is copied, too. The copy comes first:
-- when it is refused the script ends there, and the entry stays pending.
-- KEYS[1] stream, KEYS[2] dead-letter stream; without it the entry is only acknowledged
-- ARGV group, consumer, id, greatest length of the dead-letter stream or 0,
-- 1 if the entry was found deleted, 1 to delete it from the stream unless another group needs it
-- (which servers before Redis 8.2 do not tell), field, value, …
-- Replies 1 done, -1 not owned any more.
local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[3], ARGV[3], 1)[1]
local deleted = not pending and ARGV[5] == '1' and #redis.call('XRANGE', KEYS[1], ARGV[3], ARGV[3]) == 0
if not deleted and not (pending and pending[2] == ARGV[2]) then
	return -1
end
-- Refused here if it is not permitted, or the copy would be added again and again. Only asked: a write, be it of
-- nothing, would let the copy through where the server is out of memory. Redis 6.2 cannot be asked: see the end.
if redis.acl_check_cmd and not redis.acl_check_cmd('XACK', KEYS[1], ARGV[1], ARGV[3]) then
	redis.call('XACK', KEYS[1], ARGV[1], ARGV[3])
end
local copy
if KEYS[2] and ARGV[4] == '0' then
	copy = redis.call('XADD', KEYS[2], '*', unpack(ARGV, 7))
elseif KEYS[2] then
	copy = redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[4], '*', unpack(ARGV, 7))
end
if ARGV[6] == '1' then
	local done = redis.pcall('XACKDEL', KEYS[1], ARGV[1], 'ACKED', 'IDS', 1, ARGV[3])
	if not done.err then
		return 1
	end
end
local acknowledged = redis.pcall('XACK', KEYS[1], ARGV[1], ARGV[3])
if type(acknowledged) == 'table' and acknowledged.err then
	if copy then
		redis.pcall('XDEL', KEYS[2], copy)
	end
	return acknowledged
end
if ARGV[6] == '1' then
	redis.pcall('XDEL', KEYS[1], ARGV[3])
end
return 1

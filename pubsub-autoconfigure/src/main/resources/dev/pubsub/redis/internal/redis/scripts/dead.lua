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
-- Refused here if it is not permitted: what is added cannot be taken back, and would be added again and again.
redis.call('XACK', KEYS[1], ARGV[1], '0-0')
if KEYS[2] and ARGV[4] == '0' then
	redis.call('XADD', KEYS[2], '*', unpack(ARGV, 7))
elseif KEYS[2] then
	redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[4], '*', unpack(ARGV, 7))
end
if ARGV[6] == '1' then
	local done = redis.pcall('XACKDEL', KEYS[1], ARGV[1], 'ACKED', 'IDS', 1, ARGV[3])
	if not done.err then
		return 1
	end
	redis.pcall('XDEL', KEYS[1], ARGV[3])
end
redis.call('XACK', KEYS[1], ARGV[1], ARGV[3])
return 1

-- Seals a partition: its last id becomes the greatest that there is, so that Redis adds nothing to it any more. Its
-- entries, groups and pending entries stay.
-- KEYS[1] stream   ARGV 1 to seal it, 0 only to look
-- Replies the names of its groups.
if ARGV[1] == '1' then
	redis.pcall('XADD', KEYS[1], 'MAXLEN', '0', '0-1', 'x', 'x')
	redis.call('XSETID', KEYS[1], '18446744073709551615-18446744073709551615')
end
local groups = redis.pcall('XINFO', 'GROUPS', KEYS[1])
if groups.err then
	return string.find(groups.err, 'no such key', 1, true) and {} or groups
end
local names = {}
for _, group in ipairs(groups) do
	for i = 1, #group, 2 do
		if group[i] == 'name' then
			names[#names + 1] = group[i + 1]
		end
	end
end
return names

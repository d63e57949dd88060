-- Delivers entries to a consumer that nobody renewed for long enough.
-- KEYS[1] stream, KEYS[2] ends of waits   ARGV group, consumer, greatest size of one entry or 0 for no payload at all, size of all from which on no more are added,
-- shortest idle time in milliseconds, id, id, … in ascending order
-- Replies one item per id: 0 its payload is gone, -1 not claimable any more, -3 left out, else the entry, or its size
-- where it is too large, its owner before, its idle time before and its deliveries including this one.
-- Without payloads the reply is flat, as lists cost more than what is in them: 0 or -1, or the deliveries including this
-- one and the idle time before. The owner before stands ahead of the first entry that it had, and after each change.
local most, all, idle = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local listed = {}
if #ARGV > 6 then
	-- Twice as many, since others may lie between them. One that is not listed is asked for alone.
	for _, item in ipairs(redis.call('XPENDING', KEYS[1], ARGV[1], 'IDLE', idle, ARGV[6], ARGV[#ARGV], 2 * (#ARGV - 5))) do
		listed[item[1]] = item
	end
end

-- An entry whose wait is not over comes up again when it is, or after another lease, unless it was delivered since.
local waits = redis.call('EXISTS', KEYS[2]) == 1
local function mustWait(id, item)
	if not waits then
		return false
	end
	local due, deliveries = string.match(redis.call('HGET', KEYS[2], id) or '', '^(%d+) (%d+)$')
	if not due then
		return false
	end
	local time = redis.call('TIME')
	local rest = tonumber(due) - time[1] * 1000 - math.floor(time[2] / 1000)
	if rest <= 0 or tonumber(deliveries) ~= item[4] then
		redis.call('HDEL', KEYS[2], id)
		return false
	end
	redis.call('XCLAIM', KEYS[1], ARGV[1], item[2], 0, id, 'IDLE', math.max(0, idle - rest), 'RETRYCOUNT', item[4], 'JUSTID')
	return true
end

local function sizeOf(entry)
	local size = 0
	for _, text in ipairs(entry[2]) do
		size = size + #text + 16
	end
	return size
end

local replies = {}
-- Those that come without payload are claimed together, as far as they were delivered as often.
if most == 0 then
	local ids, deliveries, from = {}, 0, 6
	local function claim(to)
		local count = #ids
		if count > 0 then
			ids[count + 1], ids[count + 2], ids[count + 3] = 'RETRYCOUNT', deliveries, 'JUSTID'
			local there = redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, unpack(ids))
			local next = 1
			-- Redis 6 tells of all.
			for i = from, #there < count and to or 0 do
				if replies[i - 5] ~= -1 and there[next] ~= ARGV[i] then
					replies[i - 5] = 0
				elseif replies[i - 5] ~= -1 then
					next = next + 1
				end
			end
		end
		ids, from = {}, to + 1
	end
	for i = 6, #ARGV do
		local id = ARGV[i]
		local item = listed[id] or redis.call('XPENDING', KEYS[1], ARGV[1], id, id, 1)[1]
		if not item or item[3] < idle or mustWait(id, item) then
			replies[i - 5] = -1
		else
			if item[4] + 1 ~= deliveries or #ids == 1000 then
				claim(i - 1)
				deliveries = item[4] + 1
			end
			ids[#ids + 1] = id
			replies[i - 5] = item
		end
	end
	claim(#ARGV)
	local flat, owner = {}, nil
	for i = 1, #ARGV - 5 do
		local item = replies[i]
		if type(item) == 'table' then
			if item[2] ~= owner then
				owner = item[2]
				flat[#flat + 1] = owner
			end
			flat[#flat + 1] = item[4] + 1
			flat[#flat + 1] = item[3]
		else
			flat[#flat + 1] = item
		end
	end
	return flat
end

local total, largest, few, from = 0, 1, 1, 6
while from <= #ARGV do
	local to = math.min(#ARGV, from + few - 1)
	local ids = {}
	for i = from, to do
		local item = listed[ARGV[i]] or redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1)[1]
		listed[ARGV[i]] = item
		if total >= all then
			replies[i - 5] = -3
		elseif not item or item[3] < idle or mustWait(ARGV[i], item) then
			replies[i - 5] = -1
		else
			replies[i - 5] = 0
			ids[#ids + 1] = ARGV[i]
		end
	end
	local entries = {}
	for _, entry in ipairs(#ids > 0 and redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, unpack(ids)) or {}) do
		if entry then
			entries[entry[1]] = entry
		end
	end
	for i = from, to do
		local entry, item = entries[ARGV[i]], listed[ARGV[i]]
		if entry and total >= all then
			-- As if it had not been asked for.
			redis.call('XCLAIM', KEYS[1], ARGV[1], item[2], 0, ARGV[i], 'IDLE', item[3], 'RETRYCOUNT', item[4], 'JUSTID')
			replies[i - 5] = -3
		elseif entry then
			local size = sizeOf(entry)
			local fits = size <= most
			total = total + (fits and size or 0)
			largest = math.max(largest, size)
			replies[i - 5] = { fits and entry or size, item[2], item[3], item[4] + 1 }
		end
	end
	from = to + 1
	few = math.max(1, math.min(2 * few, 16, math.floor((all - total) / largest)))
end
return replies

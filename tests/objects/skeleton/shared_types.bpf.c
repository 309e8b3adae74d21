// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// One type in many places, types that refer to each other.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct point { __s32 x, y; };
typedef struct point point_t;
struct shape { point_t corners[4]; struct point *origin; struct shape *next; enum { ROUND, SQUARE } form; };

struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 8); __type(key, point_t); __type(value, struct shape); } shapes SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 8); __type(key, __u32); __type(value, point_t); } points SEC(".maps");

struct point start;
point_t end;
const point_t fixed = { 3, 4 };
struct shape last;

SEC("tc")
int move(struct __sk_buff *skb)
{
	__u32 zero = 0;
	point_t *point = bpf_map_lookup_elem(&points, &zero);

	if (point) {
		end.x = start.x + point->x + *(volatile const int *)&fixed.x;
		end.y = start.y + point->y + *(volatile const int *)&fixed.y;
		bpf_map_update_elem(&shapes, &end, &last, BPF_ANY);
	}
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";

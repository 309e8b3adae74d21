/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct state {
	__u64 sum;
	__u32 stop;
};

static int body(__u32 index, struct state *state)
{
	state->sum += index;
	return state->stop && index + 1 == state->stop;
}

SEC("tc")
int loops(struct __sk_buff *skb)
{
	struct state state = {};

	record(0, bpf_loop(10, body, &state, 0));
	record(1, state.sum);
	state.stop = 4;
	record(2, bpf_loop(10, body, &state, 0));
	record(3, bpf_loop(10, body, &state, 1));
	record(4, bpf_loop(8388609, body, &state, 0));
	record(5, bpf_loop(0, body, &state, 0));
	return 0;
}

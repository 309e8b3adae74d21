/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("tc")
int skb_pointers(struct __sk_buff *skb)
{
	__u8 *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;

	record(0, end - data);
	if (data + 20 > end)
		return 1;
	data[0] ^= 0x5a;
	record(1, data[12] * 256 + data[13]);
	record(2, bpf_skb_pull_data(skb, 0));
	record(3, bpf_skb_pull_data(skb, 16));
	record(4, bpf_skb_pull_data(skb, 60000));
	data = (void *)(long)skb->data;
	end = (void *)(long)skb->data_end;
	if (data + 20 > end)
		return 1;
	data[1] ^= 0xa5;
	return data[0];
}

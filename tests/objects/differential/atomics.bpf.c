/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

__u64 wide = 100;
__u32 narrow = 7;

SEC("syscall")
int atomics(void *ctx)
{
	record(0, __sync_fetch_and_add(&wide, 5));
	record(1, __sync_fetch_and_or(&wide, 0x10));
	record(2, __sync_fetch_and_and(&wide, 0xff));
	record(3, __sync_fetch_and_xor(&wide, 0x3));
	record(4, __sync_lock_test_and_set(&narrow, 9));
	record(5, __sync_val_compare_and_swap(&narrow, 9, 11));
	record(6, __sync_val_compare_and_swap(&narrow, 9, 12));
	record(7, narrow);
	return 0;
}

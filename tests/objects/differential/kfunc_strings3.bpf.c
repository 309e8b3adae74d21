/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

extern int bpf_strcasecmp(const char *a, const char *b) __ksym __weak;
extern int bpf_strchrnul(const char *s, char c) __ksym __weak;
extern int bpf_strnchr(const char *s, __u64 count, char c) __ksym __weak;
extern int bpf_copy_from_user_str(void *dst, __u32 size, const void *unsafe_ptr__ign, __u64 flags) __ksym __weak;

static const char one[] = "Kernel", two[] = "kERNEL", more[] = "kernels", other[] = "kermit";

SEC("syscall")
int strings(void *ctx)
{
	char buffer[8];

	record(0, bpf_strcasecmp(one, two));
	record(1, bpf_strcasecmp(one, more));
	record(2, bpf_strcasecmp(more, one));
	record(3, bpf_strcasecmp(one, other));
	record(4, bpf_strchrnul(one, 'n'));
	record(5, bpf_strchrnul(one, 'z'));
	record(6, bpf_strnchr(one, 3, 'n'));
	record(7, bpf_strnchr(one, 4, 'n'));
	record(8, bpf_strnchr(one, 100, 'z'));
	record(9, bpf_strnchr(one, 100, 0));
	record(10, bpf_copy_from_user_str(buffer, sizeof(buffer), (void *)8, 0));
	record(11, bpf_copy_from_user_str(buffer, sizeof(buffer), (void *)8, 4));
	return 0;
}

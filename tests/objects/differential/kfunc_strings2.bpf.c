/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

extern int bpf_strnlen(const char *s, __u64 size) __ksym __weak;
extern int bpf_strrchr(const char *s, int c) __ksym __weak;
extern int bpf_strnstr(const char *s, const char *t, __u64 size) __ksym __weak;
extern int bpf_strspn(const char *s, const char *set) __ksym __weak;
extern int bpf_strcspn(const char *s, const char *set) __ksym __weak;

static const char text[] = "kernel panic", set[] = "knre", none[] = "xyz", part[] = "pan";

SEC("syscall")
int strings(void *ctx)
{
	record(0, bpf_strnlen(text, 5));
	record(1, bpf_strnlen(text, 100));
	record(2, bpf_strrchr(text, 'n'));
	record(3, bpf_strrchr(text, 'z'));
	record(4, bpf_strnstr(text, part, 9));
	record(5, bpf_strnstr(text, part, 12));
	record(6, bpf_strspn(text, set));
	record(7, bpf_strspn(text, none));
	record(8, bpf_strcspn(text, none));
	record(9, bpf_strcspn(text, part));
	return 0;
}

/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

extern int bpf_strcmp(const char *a, const char *b) __ksym __weak;
extern int bpf_strlen(const char *s) __ksym __weak;
extern int bpf_strchr(const char *s, char c) __ksym __weak;
extern int bpf_strstr(const char *s, const char *t) __ksym __weak;

static const char one[] = "kernel", two[] = "kermit", part[] = "rne";

SEC("syscall")
int strings(void *ctx)
{
	record(0, bpf_strcmp(one, one));
	record(1, bpf_strcmp(one, two));
	record(2, bpf_strcmp(two, one));
	record(3, bpf_strlen(one));
	record(4, bpf_strchr(one, 'n'));
	record(5, bpf_strchr(one, 'z'));
	record(6, bpf_strstr(one, part));
	record(7, bpf_strstr(one, two));
	return 0;
}

// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// Names that C# has otherwise: keywords, digits, dots, names that differ in case only, names of generated members.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct string { int class; int namespace; int Class; int _class; int __class; int class_; };
struct maps { int maps; int Maps; };
struct programs { int to_string; int equals; int get_hash_code; int byte_size; };
struct a_b { int x; };
struct aB { int y; };
struct names { int names; };
struct X86_64 { int r1; int R1; int r_1; };

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct a_b);
} string SEC(".maps"), object SEC(".maps"), a_map SEC(".maps"), aMap SEC(".maps");

struct string event;
struct maps object_bytes;
struct programs bytes;
struct aB read_only_bytes;
struct names data_section;
struct X86_64 s_variables;
int Object, equals, maps, links, finalize;
int value SEC(".data.my-var.1");
int other SEC(".data.my_var_1");

SEC("tc")
int attach(struct __sk_buff *skb)
{
	static int calls;

	event.class = event.namespace + object_bytes.maps + bytes.equals + read_only_bytes.y + data_section.names + s_variables.r1;
	Object = equals + maps + links + finalize + value + other + ++calls;
	return 0;
}

SEC("tc")
int all(struct __sk_buff *skb)
{
	return 0;
}

SEC("tc")
int get_type(struct __sk_buff *skb)
{
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";

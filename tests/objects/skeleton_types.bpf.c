// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// Every difficulty that a generator of types meets, one type each.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <stdbool.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

enum color { COLOR_RED = 1, COLOR_GREEN = 2, COLOR_BLUE = 4 };
enum tiny { TINY_A, TINY_B = 200 } __attribute__((mode(byte)));
enum huge { HUGE_LOW = 1, HUGE_TOP = 0xffffffffffffffffULL };
enum { ANON_ONE = 1, ANON_TWO = 2 };
typedef enum { STATE_1ST, STATE_2ND, STATE_LAST } state_t;

struct point { int x, y; };
typedef struct { __u64 a; char name[8]; } named_by_typedef;

struct scalars {
	__u8 u8; __s8 s8; __u16 u16; __s16 s16; __u32 u32; __s32 s32; __u64 u64; __s64 s64;
	char c; bool flag; float f; double d;
	unsigned __int128 wide;
	__int128 signed_wide;
};

struct packed {
	__u8 tag;
	__u64 value;
	__u32 tail;
	bool flag;
	enum color color;
	struct point at;
} __attribute__((packed));

struct aligned { __u32 a; __u32 b __attribute__((aligned(32))); } __attribute__((aligned(64)));

struct bits {
	__u32 a : 3, b : 7;
	__s32 negative : 5;
	unsigned : 4;
	__u64 wide : 37;
	enum color color : 3;
	bool yes : 1;
	__u8 after;
};

struct crossing { __u32 a : 20; __u32 b : 20; __s64 c : 40; } __attribute__((packed));

union any { __u32 word; __u8 bytes[4]; struct point at; float f; };

struct nested {
	int kind;
	union {
		struct { __u16 port; __u16 proto; };
		__u32 both;
		union any any;
	};
	struct { int inner; struct point deep[2]; } named;
	struct point points[3];
	int matrix[2][3];
	bool flags[4];
	char comm[16];
	__u8 raw[6];
	struct { __u16 id; __u16 weight; } entries[2];
	struct nested *next;
	void *nothing;
	int (*callback)(struct nested *self, int);
	const char *text;
	__u32 *numbers[2];
	state_t state;
	enum tiny tiny;
	enum huge huge;
	enum { IN_PLACE = 7 } in_place;
	named_by_typedef typedefd;
	volatile const __u32 qualified;
};

struct names {
	int class, namespace, string, equals, Equals, names, to_string, _leading, trailing_, a_1, a1, byte_size;
};

struct flexible { __u32 count; __u32 pad; struct point items[]; };
struct text_tail { __u16 length; char text[0]; };

struct kernel_owned {
	__u64 before;
	struct bpf_spin_lock lock;
	struct bpf_timer timer;
	__u64 after;
};

struct empty { };
struct holds_empty { struct empty nothing; int real; };

struct one_text { char only[1]; };
struct long_hole { __u8 first; __u8 second __attribute__((aligned(1024))); };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, struct point);
	__type(value, struct kernel_owned);
} values SEC(".maps");

struct scalars scalars;
struct packed packed;
struct aligned aligned;
struct bits bits;
struct crossing crossing;
union any any;
struct nested nested;
struct names names;
struct flexible *flexible;
struct text_tail *text_tail;
struct holds_empty holds_empty;
struct one_text one_text;
struct long_hole long_hole;
enum color color;
int anonymous_user = ANON_TWO;

SEC("socket")
int use(void *ctx)
{
	return scalars.u8 + packed.tag + aligned.a + bits.a + crossing.a + any.word + nested.kind + names.class
		+ holds_empty.real + one_text.only[0] + long_hole.first + color + anonymous_user
		+ (flexible ? flexible->count : 0) + (text_tail ? text_tail->length : 0);
}

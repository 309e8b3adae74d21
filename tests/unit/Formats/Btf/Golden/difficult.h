#ifndef __VMLINUX_H__
#define __VMLINUX_H__

#ifndef BPF_NO_PRESERVE_ACCESS_INDEX
#pragma clang attribute push (__attribute__((preserve_access_index)), apply_to = record)
#endif

struct node;

typedef struct node node_t;

typedef unsigned char __Poly8_t;

struct node {
	struct node *next;
	void (*visit)(node_t *);
	__Poly8_t poly;
};

struct holes {
	char a;
	int: 32;
	int b;
	long: 64;
	long: 64;
	long unsigned int c;
	long: 64;
	long: 64;
	long: 64;
};

struct packed {
	char a;
	long unsigned int b;
	int c;
} __attribute__((packed));

struct bits {
	int a: 3;
	char: 2;
	int b: 7;
	int c: 31;
	char: 1;
	char: 8;
	char d: 2;
	int: 32;
};

struct crossing {
	int a: 20;
	int b: 20;
	char: 8;
	short: 16;
} __attribute__((packed));

struct wide_hole {
	long unsigned int a;
	char __pad8[1016];
	long unsigned int b;
};

union big_union {
	int a;
	char __size[16];
};

struct with_anonymous {
	union {
		long unsigned int x;
		char y;
	};
	int count;
	char tail[0];
};

struct twice {
	int m;
};

struct twice___2 {
	long unsigned int m;
};

enum one {
	SAME = 1,
};

enum two {
	SAME___2 = -1,
} __attribute__((mode(byte)));

typedef int word;

typedef long unsigned int word___2;

typedef struct node *handle;

union opaque;

enum wide {
	TOP = 9223372036854775808ULL,
};

enum wide_but_small {
	SMALL = 1ULL,
} __attribute__((mode(DI)));

enum lowest {
	LOWEST = (-9223372036854775807LL - 1),
};

enum {
	CONSTANT = 77,
};

typedef enum {
	INLINE = 5,
} mode_t;

typedef unsigned int mode2_t;

enum never_defined;

struct __va_list_tag___2 {
	int gp_offset;
	int fp_offset;
};

typedef struct __va_list_tag___2 __builtin_va_list___2[1];

#ifndef BPF_NO_PRESERVE_ACCESS_INDEX
#pragma clang attribute pop
#endif

#endif /* __VMLINUX_H__ */

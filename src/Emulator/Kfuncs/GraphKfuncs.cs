using static LibbpfSharp.Emulator.HelperArguments;

namespace LibbpfSharp.Emulator;

/// <summary>Lists and red-black trees of objects that programs made (kernel/bpf/helpers.c). They own what is in them.</summary>
internal static unsafe class GraphKfuncs
{
    public static void Declare(KfuncTable table)
    {
        ProgramTypeSet types = ProgramTypeSets.GenericKfuncs;
        table.Add("bpf_refcount_acquire_impl", "6.4", types, &AcquireReference, KfuncFlags.Acquire | KfuncFlags.ReturnsNull | KfuncFlags.Rcu);
        table.Add("bpf_list_push_front_impl", "6.2", types, &PushFront);
        table.Add("bpf_list_push_back_impl", "6.2", types, &PushBack);
        table.Add("bpf_list_pop_front", "6.2", types, &PopFront, KfuncFlags.Acquire | KfuncFlags.ReturnsNull);
        table.Add("bpf_list_pop_back", "6.2", types, &PopBack, KfuncFlags.Acquire | KfuncFlags.ReturnsNull);
        table.Add("bpf_list_front", "6.16", types, &Front, KfuncFlags.ReturnsNull);
        table.Add("bpf_list_back", "6.16", types, &Back, KfuncFlags.ReturnsNull);
        table.Add("bpf_rbtree_add_impl", "6.3", types, &Add);
        table.Add("bpf_rbtree_remove", "6.3", types, &Remove, KfuncFlags.Acquire | KfuncFlags.ReturnsNull);
        table.Add("bpf_rbtree_first", "6.3", types, &First, KfuncFlags.ReturnsNull);
        table.Add("bpf_rbtree_root", "6.16", types, &Root, KfuncFlags.ReturnsNull);
        table.Add("bpf_rbtree_left", "6.16", types, &Left, KfuncFlags.ReturnsNull);
        table.Add("bpf_rbtree_right", "6.16", types, &Right, KfuncFlags.ReturnsNull);
    }

    private static ulong AcquireReference(RunContext run, ulong pointer, ulong meta, ulong r3, ulong r4, ulong r5)
    {
        if (run.KindOf(pointer) != RegionKind.KernelObject || run.OwnerOf(pointer) is not AllocatedObject item || item.Fields?.ReferenceCountOffset is null or < 0)
        {
            RunContext.FaultArgument($"An object with a bpf_refcount was expected but 0x{pointer:x} is none.");
            return 0;
        }

        return item.TryAcquire() ? ObjectHelpers.Own(run, item) : 0;
    }

    private static ulong PushFront(RunContext run, ulong head, ulong node, ulong meta, ulong offset, ulong r5) => Push(run, head, node, atEnd: false);

    private static ulong PushBack(RunContext run, ulong head, ulong node, ulong meta, ulong offset, ulong r5) => Push(run, head, node, atEnd: true);

    private static ulong Push(RunContext run, ulong head, ulong node, bool atEnd)
    {
        ObjectList list = ListAt(run, head, out OwnedField field);
        GraphNode given = TakeNode(run, node, field, MapFieldKind.ListNode);
        lock (list.Gate)
        {
            if (!given.TryClaim(list))
                return DropUnused(given);
            list.Add(given, atEnd);
        }

        run.Borrow(given.Item);
        return 0;
    }

    private static ulong PopFront(RunContext run, ulong head, ulong r2, ulong r3, ulong r4, ulong r5) => Pop(run, head, fromEnd: false);

    private static ulong PopBack(RunContext run, ulong head, ulong r2, ulong r3, ulong r4, ulong r5) => Pop(run, head, fromEnd: true);

    private static ulong Pop(RunContext run, ulong head, bool fromEnd)
    {
        ObjectList list = ListAt(run, head, out _);
        GraphNode? node;
        lock (list.Gate)
        {
            node = fromEnd ? list.Last : list.First;
            if (node is null)
                return 0;
            list.Remove(node);
        }

        return ObjectHelpers.Own(run, node.Item) + node.Offset;
    }

    private static ulong Front(RunContext run, ulong head, ulong r2, ulong r3, ulong r4, ulong r5) => Lend(run, ListAt(run, head, out _).First);

    private static ulong Back(RunContext run, ulong head, ulong r2, ulong r3, ulong r4, ulong r5) => Lend(run, ListAt(run, head, out _).Last);

    private static ulong Add(RunContext run, ulong root, ulong node, ulong less, ulong meta, ulong offset)
    {
        ObjectTree tree = TreeAt(run, root, out OwnedField field);
        GraphNode given = TakeNode(run, node, field, MapFieldKind.TreeNode);
        int function = run.FunctionIndex(less);
        ulong address = Lend(run, given);
        run.Keep(address);
        try
        {
            lock (tree.Gate)
            {
                if (!given.TryClaim(tree))
                    return DropUnused(given);
                bool added = false;
                try
                {
                    tree.Add(given, other => (run.CallFunction(function, address, Lend(run, other), 0, 0, 0) & 0xff) != 0);
                    added = true;
                }
                finally
                {
                    // A comparison that faults ends the run; the object is in no tree.
                    if (!added)
                        DropUnused(given, claimed: true);
                }
            }
        }
        finally
        {
            run.Unkeep();
        }

        return 0;
    }

    private static ulong Remove(RunContext run, ulong root, ulong node, ulong r3, ulong r4, ulong r5)
    {
        ObjectTree tree = TreeAt(run, root, out _);
        GraphNode given = NodeAt(run, node, MapFieldKind.TreeNode);
        lock (tree.Gate)
        {
            if (given.Owner != tree)
                return 0;
            tree.Remove(given);
        }

        return ObjectHelpers.Own(run, given.Item) + given.Offset;
    }

    private static ulong First(RunContext run, ulong root, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        ObjectTree tree = TreeAt(run, root, out _);
        lock (tree.Gate)
            return Lend(run, tree.First);
    }

    private static ulong Root(RunContext run, ulong root, ulong r2, ulong r3, ulong r4, ulong r5) => Lend(run, TreeAt(run, root, out _).Root);

    private static ulong Left(RunContext run, ulong root, ulong node, ulong r3, ulong r4, ulong r5) => Child(run, root, node, left: true);

    private static ulong Right(RunContext run, ulong root, ulong node, ulong r3, ulong r4, ulong r5) => Child(run, root, node, left: false);

    private static ulong Child(RunContext run, ulong root, ulong node, bool left)
    {
        ObjectTree tree = TreeAt(run, root, out _);
        GraphNode given = NodeAt(run, node, MapFieldKind.TreeNode);
        lock (tree.Gate)
            return given.Owner == tree ? Lend(run, left ? given.Left : given.Right) : 0;
    }

    private static ObjectList ListAt(RunContext run, ulong head, out OwnedField field)
    {
        field = HeadAt(run, head, MapFieldKind.ListHead);
        return run.Kernel.Graphs.ListAt(field.Native);
    }

    private static ObjectTree TreeAt(RunContext run, ulong root, out OwnedField field)
    {
        field = HeadAt(run, root, MapFieldKind.TreeRoot);
        return run.Kernel.Graphs.TreeAt(field.Native);
    }

    // Only under the lock in the same value or object.
    private static OwnedField HeadAt(RunContext run, ulong address, MapFieldKind kind)
    {
        OwnedField field = run.FieldAt(address, kind);
        bool isLocked = run.TryFindHeld(HeldKind.SpinLock, field.Container + (ulong)field.Fields.SpinLockOffset, out _)
            || run.TryFindHeld(HeldKind.ResilientSpinLock, field.Container + (ulong)field.Fields.ResilientSpinLockOffset, out _);
        if (!isLocked)
            RunContext.Fault(BpfFaultKind.UnbalancedLock, $"The lock beside the {MapFields.NameOf(kind)} must be held.");
        return field;
    }

    private static GraphNode NodeAt(RunContext run, ulong address, MapFieldKind kind)
    {
        OwnedField field = run.FieldAt(address, kind);
        if (field.Owner is not AllocatedObject item)
        {
            RunContext.FaultArgument($"0x{address:x} is in no object that a program made.");
            return null!;
        }

        return item.NodeAt(field.Field.Offset);
    }

    // The program gives its reference away.
    private static GraphNode TakeNode(RunContext run, ulong address, in OwnedField head, MapFieldKind kind)
    {
        GraphNode node = NodeAt(run, address, kind);
        if (!head.Field.Takes(node.Item.TypeName, node.Offset))
            RunContext.FaultArgument($"The {MapFields.NameOf(head.Field.Kind)} does not contain {node.Item.Description} by this node.");
        if (!run.TryRelease(HeldKind.Object, address - node.Offset, out _))
            RunContext.Fault(BpfFaultKind.UnbalancedReference, $"0x{address:x} is in no object that the program still owns.");
        return node;
    }

    // What could not be added is dropped, as the program has given it away.
    private static ulong DropUnused(GraphNode node, bool claimed = false)
    {
        if (claimed)
            node.Leave();
        node.Item.Release();
        return Error(Errno.EINVAL);
    }

    // A pointer that is good until the lock is given back.
    private static ulong Lend(RunContext run, GraphNode? node)
    {
        if (node is null)
            return 0;
        run.Borrow(node.Item);
        return node.Item.Address(run) + node.Offset;
    }
}

namespace LibbpfSharp.Emulator;

/// <summary>Makes the map of a type: what can fail here fails on Linux when memory is allocated.</summary>
internal static class MapFactory
{
    /// <summary>Makes a map.</summary>
    /// <returns>0, -ENOMEM, -E2BIG, or what resolving an inner map's descriptor gives.</returns>
    public static int Allocate(EmulatedKernel kernel, MapSpec spec, out EmulatedMap? map)
    {
        map = null;
        try
        {
            switch (spec.Type)
            {
                case BpfMapType.Array:
                    map = new ArrayMap(kernel, spec);
                    return 0;
                default:
                    return -Errno.EOPNOTSUPP;
            }
        }
        catch (OutOfMemoryException)
        {
            return -Errno.ENOMEM;
        }
    }
}

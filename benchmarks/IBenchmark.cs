namespace LibbpfSharp.Benchmarks;

/// <summary>One measured area, chosen on the command line by its name.</summary>
internal interface IBenchmark
{
    /// <summary>Name on the command line.</summary>
    string Name { get; }

    /// <summary>Measures.</summary>
    IEnumerable<Measurement> Run();
}

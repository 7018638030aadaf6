package dev.semel.examples.benchmarks;

import dev.semel.examples.benchmarks.report.Machine;
import picocli.CommandLine.IVersionProvider;

/** The version, as the build wrote it. */
final class BenchmarksVersion implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {"Semel benchmarks " + Machine.ofTheBuild().getProperty("semel", "of unknown version")};
    }
}

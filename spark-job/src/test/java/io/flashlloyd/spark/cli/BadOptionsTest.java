package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flashlloyd.engine.Engines;
import io.flashlloyd.engine.LloydEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options that cannot be taken at their word. */
class BadOptionsTest {
  @TempDir private Path folder;

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --k 0                   | --k is 0 (expected at least 1)
          --k -3                  | --k is -3 (expected at least 1)
          --k many                | --k is 'many' (expected a whole number)
          --k 99999999999         | --k is '99999999999' (expected at most 2,147,483,647)
          --k -99999999999        | --k is '-99999999999' (expected a larger number)
          --k 1e5                 | --k is '1e5' (expected 100000, in digits)
          --k 5.0                 | --k is '5.0' (expected 5, in digits)
          --k 2 --tol -0.5        | --tol is -0.5 (expected at least 0)
          --k 2 --tol NaN         | --tol is NaN (expected at least 0)
          --k 2 --tol tiny        | --tol is 'tiny' (expected a number)
          --k 2 --max-iter -1     | --max-iter is -1 (expected at least 0)
          --k 2 --max-iter 1.5    | --max-iter is '1.5' (expected a whole number)
          --k 2 --seed dice       | --seed is 'dice' (expected a whole number)
          --k 2 --partitions -4   | --partitions is -4 (expected at least 1, or 0
          --k 2 --partitions all  | --partitions is 'all' (expected a whole number)
          --k 2 --overwrite=maybe | --overwrite is 'maybe' (expected true or false)
          --k 2 --engine nonsense | --engine is nonsense (expected auto, cpu, gpu or reference)
          --k 2 --format csv      | Format 'csv' is unknown (expected auto, parquet, arrow, npy
          --k 2 --init kmeans++   | --init kmeans++ is neither kmeans-parallel, random nor a file
          --k 2 --epochs 3        | Option --epochs is unknown
          --max-iter 3            | --k is missing (expected the number of clusters
          """)
  void shouldNameTheOption(String options, String message) throws IOException {
    Refusal.ofFit(
        folder,
        place -> {
          String input = VectorFiles.fbin(place.resolve("v.fbin"), VectorFiles.blobs(9, 3, 1));
          List<String> args = new ArrayList<>(List.of("--input", input));
          args.addAll(List.of(options.split(" ", -1)));
          return args;
        },
        message);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          fit --k 2 --input v.npy          | Missing required option: '--output=URI'
          fit --k 2 --output run           | Missing required option: '--input=URI'
          assign --input a --output b      | Missing required option: '--model=URI'
          assign --model m --output b      | Missing required option: '--input=URI'
          inspect                          | Missing required parameter: 'URI'
          plan --rows 1.5                  | --rows is '1.5' (expected a whole number)
          cluster                          | Command 'cluster' is unknown (expected fit, assign,
          fit --k 2 --quit --input v --output o | Option --quit is unknown (did you mean --quiet
          fit --k 2 --input v --quite --output o | Option --quite is unknown (did you mean --quiet
          export --model m --input v --outptu o  | Option --outptu is unknown (did you mean --output
          plan --rows 1e30 --dimension 2 --k 2   | --rows is '1e30' (expected at most 9,223,372,036,
          fit --k 2 --inptu v --output o   | Option --inptu is unknown (did you mean --input
          fit --k 2 --input v --output '' | --output is empty (expected a folder)
          """)
  void shouldSayWhatIsMissing(String command, String message) {
    List<String> args = new ArrayList<>();
    for (String word : command.split(" ", -1)) {
      args.add(word.equals("''") ? "" : word);
    }
    Refusal.of(folder, args, message, "--help");
  }

  @Test
  void shouldRefuseTheGpuEngineWithoutAGpu() throws IOException {
    try (LloydEngine fastest = Engines.open("auto", 1)) {
      assumeTrue(fastest.description().startsWith("cpu"), "this machine has a GPU");
    }
    Refusal.ofFit(
        folder,
        place ->
            List.of(
                "--engine",
                "gpu",
                "--k",
                "2",
                "--input",
                VectorFiles.fbin(place.resolve("v.fbin"), VectorFiles.blobs(9, 3, 1))),
        "Engine gpu cannot run here: ",
        "; choose auto or cpu");
  }

  @Test
  void shouldNameTheCommandsWhereNoneIsGiven() {
    Refusal.of(
        folder,
        List.of(),
        "(expected fit, assign, drift, reindex, export, inspect, measure or plan)",
        "flashlloyd --help");
  }

  @Test
  void shouldRefuseMoreCentroidsThanAnArrayHolds() throws IOException {
    List<String> plan = List.of("plan", "--rows", "1e9", "--dimension", "128", "--k", "2000000000");
    Refusal.of(
        folder,
        plan,
        "--k is 2000000000 (expected at most 16,777,215, for 2,147,483,639 coordinates of all"
            + " centroids at dimension 128)");
    String rows = "synthetic:rows=1e9,dim=1024,clusters=5,dtype=f32,seed=1";
    Refusal.ofFit(
        folder,
        place -> List.of("--k", "2000000000", "--input", rows),
        "k is 2000000000 (expected at most 2,097,151, for 2,147,483,639 coordinates of all");
  }

  @Test
  void shouldRefuseMoreCentroidsThanTheHeapHolds() throws IOException {
    long k = Math.min(1 << 21, Runtime.getRuntime().maxMemory() / 8 / 1000 + 1);
    Refusal.ofFit(
        folder,
        place ->
            List.of(
                "--k",
                Long.toString(k),
                "--input",
                "synthetic:rows=1e9,dim=1000,clusters=5,dtype=f32,seed=1"),
        "k is " + k + ": old and new centroids take ",
        "choose a smaller k, or give a larger heap: FLASHLLOYD_HEAP for");
  }

  @Test
  void shouldTakeEveryRowWhereKIsBeyondAllOfThem() throws IOException {
    String input = VectorFiles.fbin(folder.resolve("v.fbin"), VectorFiles.blobs(9, 3, 1));
    List<String> args = List.of("fit", "--k", "2000000000", "--input", input, "--output");

    CommandRun run =
        CommandRun.of(Stream.concat(args.stream(), Stream.of(folder + "/run")).toList());

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).contains("the data has 9 distinct rows (k is 2000000000)");
  }

  @Test
  void shouldRefuseInitialCentroidsOfAnotherDimension() throws IOException {
    Refusal.ofFit(
        folder,
        place ->
            List.of(
                "--input",
                VectorFiles.fbin(place.resolve("v.fbin"), VectorFiles.blobs(9, 3, 1)),
                "--init",
                VectorFiles.npy(place.resolve("c.npy"), VectorFiles.blobs(2, 4, 1))),
        "c.npy",
        "dimension 4 (expected 3, as the data)");
  }

  @Test
  void shouldRefuseAnotherKThanThatOfTheInitialCentroids() throws IOException {
    Refusal.ofFit(
        folder,
        place ->
            List.of(
                "--k",
                "5",
                "--input",
                VectorFiles.fbin(place.resolve("v.fbin"), VectorFiles.blobs(9, 3, 1)),
                "--init",
                VectorFiles.npy(place.resolve("c.npy"), VectorFiles.blobs(2, 3, 1))),
        "--k is 5 (expected 2, as --init ",
        "c.npy");
  }
}

package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths with characters that globs, URIs and shells read something into. */
class NamesTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"run[1]", "a:b {x,y} *?\\ 50% %20 é日 #&'=+"})
  void shouldReadAndWriteAnyName(String name) throws IOException {
    // What the name would match as a glob.
    Files.createDirectories(folder.resolve("out/run1/assignments"));
    Path input = folder.resolve("in").resolve(name);
    Files.createDirectories(input);
    VectorFiles.fbin(input.resolve(name + ".fbin"), VectorFiles.blobs(90, 3, 1));
    Path run = folder.resolve("out").resolve(name);
    Path checkpoint = folder.resolve("checkpoints").resolve(name);

    List<String> fit = List.of("--k", "4", "--checkpoint", checkpoint.toString());
    run("fit", input, run, fit);
    assertThat(names(run))
        .contains("model", "centroids.npy", "assignments", "clusters.parquet", "report.json");
    run("fit", input, run, List.of("--k", "4", "--overwrite"));
    for (Path model : List.of(run, run.resolve("model"))) {
      run("assign", input, folder.resolve("assigned").resolve(name), model(model, "--overwrite"));
    }
    run("drift", input, folder.resolve("drift").resolve(name), model(run));
    run("reindex", input, folder.resolve("next").resolve(name), List.of("--previous", run + ""));
    String next = folder.resolve("next").resolve(name) + "/../*";
    run("reindex", input, folder.resolve("third").resolve(name), List.of("--previous", next));
    for (String format : List.of("parquet", "pgvector", "faiss-ivfflat", "npy", "vectorchord")) {
      List<String> more = new ArrayList<>(model(run, "--to", format));
      if (format.equals("vectorchord")) {
        more.addAll(List.of("--parents", "2"));
      }
      run("export", null, folder.resolve(format).resolve(name), more);
    }
    for (Path looked : List.of(input, run, run.resolve("model"))) {
      CommandRun inspect = CommandRun.of("inspect", looked.toString());
      assertThat(inspect.status()).as("%s: %s", looked, inspect.err()).isZero();
    }
    assertThat(names(folder.resolve("out"))).containsExactlyInAnyOrder("run1", name);
    assertThat(names(folder.resolve("out/run1/assignments"))).isEmpty();
    assertThat(names(folder.resolve("checkpoints"))).isEmpty();
  }

  @Test
  void shouldSayWhichFilesWereRead() throws Exception {
    Path input = Files.createDirectories(folder.resolve("d/_lang=en")).getParent();
    VectorFiles.fbin(input.resolve("a.fbin"), VectorFiles.blobs(30, 3, 1));
    VectorFiles.fbin(input.resolve("_lang=en/b.fbin"), VectorFiles.blobs(30, 3, 2));
    Files.write(input.resolve("_SUCCESS"), new byte[0]);
    Files.write(input.resolve("none.fvecs"), new byte[0]);

    CommandRun inspect = CommandRun.of("inspect", input.toString());
    assertThat(inspect.out())
        .contains("files      3 (1 without rows)\n")
        .contains("skipped    1: name starts with _\n")
        .contains("rows       60\n");
    run("fit", input, folder.resolve("run"), List.of("--k", "2"));

    JsonNode report = new ObjectMapper().readTree(folder.resolve("run/report.json").toFile());
    assertThat(report.get("files").toString())
        .isEqualTo("{\"read\":3,\"withoutRows\":1,\"skipped\":{\"name starts with _\":1}}");
    assertThat(CommandRun.of("inspect", folder.resolve("run").toString()).out())
        .contains("files      3 (1 without rows)\n", "skipped    1: name starts with _\n");
  }

  @Test
  void shouldRefuseBeforeAnyWork() throws IOException {
    String input = VectorFiles.fbin(folder.resolve("v.fbin"), VectorFiles.blobs(8, 3, 1));
    for (String output : List.of("http://localhost/out", "a:b")) {
      Refusal.of(
          folder,
          List.of("fit", "--quiet", "--input", input, "--k", "2", "--output", output),
          output);
    }
  }

  private static List<String> model(Path model, String... more) {
    List<String> args = new ArrayList<>(List.of("--model", model.toString()));
    args.addAll(List.of(more));
    return args;
  }

  private static void run(String command, Path input, Path output, List<String> more) {
    List<String> args = new ArrayList<>(List.of(command, "--quiet"));
    if (input != null) {
      args.addAll(List.of("--input", input.toString()));
    }
    args.addAll(List.of("--output", output.toString()));
    args.addAll(more);
    CommandRun run = CommandRun.of(args);
    assertThat(run.status()).as("%s: %s", args, run.err()).isZero();
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.map(path -> path.getFileName().toString()).toList();
    }
  }
}

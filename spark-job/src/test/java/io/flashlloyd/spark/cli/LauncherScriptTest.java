package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher's own decisions, in a made-up project; LauncherIT runs the real one. */
class LauncherScriptTest {
  private static final String SOURCE = "spark-job/src/main/java/Main.java";
  private static final String JAR = "spark-job/target/flashlloyd-spark-1.jar";
  private static final String BUILD =
      """
      echo "[INFO] Building Made up 1 [3/3]"
      echo built >> builds
      mkdir -p "$(dirname "$3")/spark-job/target"
      echo library.jar > "$(dirname "$3")/spark-job/target/spark.classpath"
      touch "$(dirname "$3")/spark-job/target/flashlloyd-spark-1.jar"
      """;

  @TempDir private Path folder;
  private Path home;
  private Path programs;

  @BeforeEach
  void makeProject() throws IOException {
    home = folder.resolve("a project");
    programs = Files.createDirectory(folder.resolve("bin"));
    Path script = home.resolve("submit-scripts/flashlloyd");
    Files.createDirectories(script.getParent());
    Files.copy(Path.of("..", "submit-scripts", "flashlloyd"), script);
    write("pom.xml");
    write("spark-job/pom.xml");
    write(SOURCE);
    Launcher.program(programs.resolve("mvn"), BUILD);
    Launcher.program(programs.resolve("jdk/bin/java"), "printf '%s\\n' \"$@\"");
    Launcher.program(programs.resolve("spark/bin/spark-submit"), "printf '%s\\n' \"$@\"");
  }

  @Test
  void shouldBuildOnFirstUse() throws Exception {
    Launcher.Ended run = run(Map.of(), "inspect", "a file");

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).contains("flashlloyd: building (log: ", "Building Made up 1 [3/3]");
    assertThat(builds()).isEqualTo(1);
    assertThat(run.out().lines())
        .contains(home.resolve(JAR) + ":library.jar")
        .endsWith("io.flashlloyd.spark.cli.Main", "inspect", "a file");
  }

  /** What the user has set stays. */
  @Test
  void shouldAskForHugePagesUnlessToldOtherwise() throws Exception {
    Launcher.program(programs.resolve("jdk/bin/java"), "printf '%s' \"$GLIBC_TUNABLES\"");
    String pages = "glibc.malloc.hugetlb=1";
    assertThat(run(Map.of(), "inspect", "x").out()).isEqualTo(pages);
    for (String own : List.of("glibc.malloc.arena_max=4", "glibc.malloc.hugetlb=0")) {
      String expected = own.contains("hugetlb") ? own : own + ":" + pages;
      assertThat(run(Map.of("GLIBC_TUNABLES", own), "inspect", "x").out()).isEqualTo(expected);
    }
  }

  @Test
  void shouldBuildAgainOnlyWhereASourceIsNewer() throws Exception {
    run(Map.of(), "inspect", "x");
    run(Map.of(), "inspect", "x");
    assertThat(builds()).isEqualTo(1);

    Instant later = Files.getLastModifiedTime(home.resolve(JAR)).toInstant().plusSeconds(2);
    Files.setLastModifiedTime(home.resolve(SOURCE), FileTime.from(later));
    run(Map.of(), "inspect", "x");
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void shouldFindTheBenchOrSayHowToBuildIt() throws Exception {
    Launcher.Ended without = run(Map.of(), "bench", "--check");
    assertThat(without.status()).isEqualTo(2);
    assertThat(without.err())
        .contains("the benches' jar is not built (run: mvn -f " + home + "/pom.xml -Pbench ");

    String jar = "gpu-engine/target/flashlloyd-gpu-engine-1-bench.jar";
    write(jar);
    Launcher.Ended run = run(Map.of(), "bench", "--check");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out().lines())
        .contains(home.resolve(jar) + ":" + home.resolve(JAR) + ":library.jar")
        .endsWith("io.flashlloyd.engine.cuda.PaperBench", "--check");
  }

  @Test
  void shouldNameFilesInUtf8WhereTheLocaleHasAsciiOnly() throws Exception {
    Launcher.program(programs.resolve("jdk/bin/java"), "locale charmap 2>/dev/null");
    for (Map<String, String> locale :
        List.of(
            Map.of("LC_ALL", "C"),
            Map.of("LC_ALL", "POSIX", "LANG", "C"),
            Map.of("LC_ALL", "", "LC_CTYPE", "", "LANG", ""), // as under cron
            Map.of("LC_ALL", "", "LC_CTYPE", "C", "LANG", "C.UTF-8"),
            Map.of("LC_ALL", "xx_XX.UTF-8"))) { // not installed
      assertThat(run(locale, "inspect", "x").out()).as("%s", locale).endsWith("UTF-8\n");
    }
  }

  @Test
  void shouldShowWhyABuildFailed() throws Exception {
    Launcher.program(programs.resolve("mvn"), "echo '[ERROR] no such symbol'; exit 1");

    Launcher.Ended run = run(Map.of(), "inspect", "x");

    assertThat(run.status()).isNotZero();
    assertThat(run.err()).contains("[ERROR] no such symbol", "flashlloyd: the build failed (log: ");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void shouldGiveTheOneProcessWhatTheEnvironmentAsksFor() throws Exception {
    Launcher.Ended run =
        run(Map.of("FLASHLLOYD_HEAP", "3g", "FLASHLLOYD_STORE", "5g"), "fit", "--k", "2");

    assertThat(run.out().lines())
        .contains("-Xmx3g", "-Dspark.flashlloyd.store.host.bytes=5g")
        .contains("@" + home.resolve("conf/jvm-options"))
        .endsWith("fit", "--k", "2");
  }

  /** {@code script} gives a terminal; the JVM's line is of no use to anybody there. */
  @ParameterizedTest
  @ValueSource(strings = {"WARNING: Using incubator modules: jdk.incubator.vector", "Error: first"})
  void shouldLeaveTheModuleLineAwayOnATerminal(String first) throws Exception {
    assumeThat(Path.of("/usr/bin/script")).isExecutable();
    Launcher.program(
        programs.resolve("jdk/bin/java"),
        "printf '%s\n' '" + first + "' second >&2; sleep 1; exit 3");
    run(Map.of(), "inspect", "x"); // builds
    ProcessBuilder builder =
        new ProcessBuilder(
                "/usr/bin/script",
                "-qec",
                "'" + home.resolve("submit-scripts/flashlloyd") + "' inspect x",
                "/dev/null")
            .redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", programs.resolve("jdk").toString());
    builder.environment().remove("SPARK_HOME");
    Process terminal = builder.start();
    String shown = new String(terminal.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(terminal.waitFor()).isEqualTo(3);
    List<String> lines = shown.lines().toList();
    assertThat(lines)
        .isEqualTo(first.startsWith("W") ? List.of("second") : List.of(first, "second"));
    assertThat(run(Map.of(), "inspect", "x").err().lines()).containsExactly(first, "second");
  }

  @Test
  void shouldStartFromTheClassArchiveOfTheBuild() throws Exception {
    String archive = home.resolve("spark-job/target/start.jsa").toString();
    assertThat(run(Map.of(), "inspect", "x").out()).doesNotContain("start.jsa");

    write("spark-job/target/start.jsa");

    assertThat(run(Map.of(), "inspect", "x").out().lines())
        .contains("-XX:SharedArchiveFile=" + archive);
  }

  @Test
  void shouldMakeTheClassArchiveWithoutABuild() throws Exception {
    run(Map.of(), "inspect", "x");
    Instant later = Files.getLastModifiedTime(home.resolve(JAR)).toInstant().plusSeconds(2);
    Files.setLastModifiedTime(home.resolve(SOURCE), FileTime.from(later));

    Launcher.Ended run = run(Map.of("FLASHLLOYD_ARCHIVE", "new.jsa"), "inspect", "x");

    assertThat(run.out().lines()).contains("-XX:ArchiveClassesAtExit=new.jsa");
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void shouldPassOptionsOnToSparkSubmit() throws Exception {
    spark("spark-core_2.13-4.1.0.jar");

    Launcher.Ended run =
        run(
            with(sparkHome(), "FLASHLLOYD_LOG", "/tmp/own.log"),
            "fit",
            "--spark",
            "--master",
            "local[2]",
            "--conf",
            "a=b c",
            "--",
            "--input",
            "v.npy");

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out().lines())
        .containsExactly(
            "--master",
            "local[2]",
            "--conf",
            "a=b c",
            "--conf",
            "spark.driver.defaultJavaOptions='-Dlog4j2.configurationFile="
                + "%1$s/conf/log4j2-embedded.properties,%1$s/conf/log4j2-submit.properties'"
                    .formatted(home)
                + " '-Dflashlloyd.log=/tmp/own.log'",
            "--class",
            "io.flashlloyd.spark.cli.Main",
            home.resolve(JAR).toString(),
            "fit",
            "--input",
            "v.npy");
  }

  /** A file of a name that others can guess could be a link that they made. */
  @Test
  void shouldLetSparkLogToANewFileAndSayWhere() throws Exception {
    spark("spark-core_2.13-4.1.0.jar");
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    Launcher.Ended run = run(with(sparkHome(), "TMPDIR", temporary.toString()), "fit", "--k", "2");
    assertThat(run.status()).as(run.err()).isZero();
    String log = temporary.resolve(temporary.toFile().list()[0]).toString();
    assertThat(run.err()).contains("flashlloyd: Spark logs to " + log);
    assertThat(run.out()).contains("'-Dflashlloyd.log=" + log + "'");
    assertThat(Files.getPosixFilePermissions(Path.of(log)))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  /** On the machine of such a driver there are no files of ours. */
  @Test
  void shouldGiveADriverInTheClusterModulesOnly() throws Exception {
    spark("spark-core_2.13-4.0.1.jar");
    Launcher.Ended run =
        run(sparkHome(), "fit", "--spark", "--deploy-mode", "cluster", "--", "--k", "2");
    assertThat(run.out())
        .contains("spark.driver.extraJavaOptions=--add-modules=jdk.incubator.vector\n")
        .doesNotContain("log4j2");
    Launcher.Ended own =
        run(
            sparkHome(),
            "fit",
            "--spark",
            "--conf",
            "spark.driver.extraJavaOptions=-Dmy=own",
            "--",
            "--k",
            "2");
    assertThat(own.out()).contains("-Dmy=own").doesNotContain("log4j2");
  }

  @Test
  void shouldRefuseAJavaThatSparksHadoopFailsOn() throws Exception {
    for (int version : new int[] {11, 25}) {
      Files.writeString(
          programs.resolve("jdk/release"), "JAVA_VERSION=\"%d.0.1\"\n".formatted(version));
      assertRefused(
          run(sparkHome(), "fit"),
          "is Java %d (expected 17 to 23, as Spark's Hadoop takes: set JAVA_HOME)"
              .formatted(version));
    }
  }

  @Test
  void shouldRefuseASparkThatItWasNotMadeFor() throws Exception {
    spark("spark-core_2.12-3.5.1.jar");
    assertRefused(
        run(sparkHome(), "fit"),
        "holds spark-core_2.12-3.5.1 (expected spark-core_2.13-4.0 or 4.1: Spark 4 for Scala");
  }

  @Test
  void shouldRefuseASparkHomeWithoutSpark() throws Exception {
    assertRefused(
        run(sparkHome(), "fit"),
        "holds no jars/spark-core_*.jar (expected a Spark 4.0 or 4.1 for Scala 2.13)");
  }

  @Test
  void shouldRefuseSparkOptionsThatItCannotPassOn() throws Exception {
    assertRefused(
        run(Map.of(), "fit", "--spark", "--master", "yarn", "--", "--k", "2"),
        "--spark needs SPARK_HOME: set it to a Spark 4.0 or 4.1 for Scala 2.13");
    assertRefused(
        run(sparkHome(), "fit", "--spark", "--master", "yarn", "--k", "2"),
        "--spark is not closed (expected: flashlloyd fit --spark OPTIONS... -- ...)");
    assertRefused(
        run(sparkHome(), "fit", "--k", "2", "--spark", "--master", "yarn", "--"),
        "--spark is misplaced (expected: flashlloyd COMMAND --spark OPTIONS... -- ...)");
  }

  @Test
  void shouldSayThatJavaIsMissing() throws Exception {
    assertRefused(
        run(Map.of("JAVA_HOME", "/nowhere"), "fit"),
        "/nowhere/bin/java is not there (expected a JDK 17 on the PATH or in JAVA_HOME)");
  }

  private static void assertRefused(Launcher.Ended run, String message) {
    assertThat(run.status()).as(run.err()).isEqualTo(2);
    assertThat(run.err().lines().toList()).last().asString().startsWith("flashlloyd: ");
    assertThat(run.err()).contains(message);
    assertThat(run.out()).isEmpty();
  }

  private static Map<String, String> with(
      Map<String, String> environment, String name, String value) {
    Map<String, String> all = new java.util.HashMap<>(environment);
    all.put(name, value);
    return all;
  }

  private Launcher.Ended run(Map<String, String> environment, String... args) throws Exception {
    Map<String, String> all = new java.util.HashMap<>();
    all.put("JAVA_HOME", programs.resolve("jdk").toString());
    all.putAll(environment);
    return new Launcher(home, programs, all).run(List.of(args));
  }

  private Map<String, String> sparkHome() {
    return Map.of("SPARK_HOME", programs.resolve("spark").toString());
  }

  private void spark(String jar) throws IOException {
    Files.createDirectories(programs.resolve("spark/jars"));
    Files.createFile(programs.resolve("spark/jars").resolve(jar));
  }

  private void write(String file) throws IOException {
    Path path = home.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, "");
  }

  private long builds() throws IOException {
    return Files.readAllLines(programs.resolve("builds")).size();
  }
}

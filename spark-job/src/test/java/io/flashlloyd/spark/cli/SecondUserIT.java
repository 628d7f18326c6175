package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;
import java.util.stream.Stream;
import org.apache.commons.lang3.StringUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A stranger: a second user of this machine, who plants things in the folders that all share, reads
 * what he can, and calls what listens. Commands run as root without root's powers, which is a user
 * like any other.
 */
@Timeout(400)
class SecondUserIT {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final String NAME = "flashlloyd-it";

  private Path shared;
  private Path own;

  /** A Spark as a command has it, until its input ends. */
  public static void main(String[] args) throws IOException {
    SparkStart.with(
        "test",
        spark -> {
          System.out.println("port " + spark.sparkContext().env().rpcEnv().address().port());
          int unused = System.in.read();
        });
  }

  @BeforeAll
  static void addUser() throws Exception {
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root"),
        "skipped: only root can add a second user, to see what he can do");
    for (String program : List.of("useradd", "userdel", "runuser", "setpriv")) {
      Assumptions.assumeTrue(
          said("sh", "-c", "command -v " + program + " || true").contains(program),
          "skipped: there is no " + program);
    }
    said("useradd", "--no-create-home", "--shell", "/bin/sh", NAME);
  }

  @AfterAll
  static void removeUser() throws Exception {
    if (said("sh", "-c", "id " + NAME + " 2>/dev/null || true").contains(NAME)) {
      said("userdel", NAME);
    }
  }

  /** Like {@code /tmp}: JUnit's own folder is closed to others. */
  @BeforeEach
  void makeShared() throws Exception {
    shared = Files.createTempDirectory("flashlloyd-shared-");
    said("chmod", "1777", shared.toString());
    own = Files.createDirectory(shared.resolve("own"));
    said("chmod", "700", own.toString());
  }

  @AfterEach
  void removeShared() throws Exception {
    said("rm", "-rf", shared.toString()); // Java would open the pipes
  }

  /**
   * Libraries, folders, locks and links at the names that we use; and he reads what he may. Other
   * libraries unpack theirs, for all to read, to names that nobody can guess.
   */
  @Test
  void shouldRunAmongWhatAStrangerPlantedAndShowHimNothing() throws Exception {
    Path kept = Files.createDirectory(own.resolve("kept"));
    Files.writeString(kept.resolve("lock"), "");
    Files.writeString(kept.resolve("file"), "kept");
    Path whole = own.resolve("whole");
    assertThat(CommandRun.of(fit(whole)).status()).isZero();
    asStranger(
        """
        for v in 12.6.0 13.0.0; do cat > libJCudaDriver-$v-linux-x86_64.so < /bin/true; done
        mkdir -m 700 flashlloyd-local-closed && : > flashlloyd-local-closed/lock
        mkdir -m 777 flashlloyd-local-open && : > flashlloyd-local-open/lock
        mkdir -m 777 flashlloyd-local-pipe && mkfifo -m 666 flashlloyd-local-pipe/lock
        mkdir -m 777 flashlloyd-local-linked && ln -s %1$s/lock flashlloyd-local-linked/lock
        ln -s %1$s flashlloyd-local-link
        mkdir -m 777 blockmgr-1 && ln -s %1$s blockmgr-1/flashlloyd-chunks
        mkdir -m 777 blockmgr-2 blockmgr-2/flashlloyd-chunks
        ln -s %1$s/lock blockmgr-2/flashlloyd-chunks/lock
        mkdir -m 700 blockmgr-3 && mkdir -m 700 blockmgr-3/flashlloyd-chunks
        mkfifo blockmgr-3/flashlloyd-chunks/lock
        """
            .formatted(kept));
    List<String> planted = planted();
    File looked = own.resolve("looked").toFile();
    Process watch =
        stranger(
                """
                while [ ! -e end ]; do
                  echo look
                  ls -d flashlloyd-local-*-*-* flashlloyd-jcuda-* 2>/dev/null
                  find . -mindepth 1 ! -user %s ! -name own ! -name end ! -type l \\
                    \\( -writable -o ! -name '*.so' -readable \\) -printf 'open to him: %%p\\n'
                done 2>/dev/null
                exit 0
                """
                    .formatted(NAME))
            .redirectOutput(looked)
            .start();

    Path run = own.resolve("run");
    String said;
    try {
      said = command(0, "-Dspark.flashlloyd.store.host.bytes=20000", fit(run));
    } finally {
      Files.createFile(shared.resolve("end"));
      assertThat(watch.waitFor()).isZero();
    }

    Files.delete(shared.resolve("end"));
    List<String> looks = Files.readAllLines(looked.toPath());
    assertThat(run.resolve("centroids.npy"))
        .hasBinaryContent(Files.readAllBytes(whole.resolve("centroids.npy")));
    assertThat(planted()).as("what he planted, untouched").isEqualTo(planted);
    assertThat(said("ls", shared.toString()).lines())
        .as("what we left")
        .noneMatch(name -> name.matches("flashlloyd-(local-.*-.*|jcuda-.*|ids.*)"));
    assertThat(kept.toFile().list()).containsExactlyInAnyOrder("lock", "file");
    assertThat(looks).as("what he saw by name").anyMatch(line -> line.startsWith("flashlloyd-"));
    assertThat(looks).noneMatch(line -> line.startsWith("open to him"));
    System.out.printf(
        "%d things planted: 0 loaded, opened, followed or removed; %d looks: 0 files read; %s%n",
        planted.size(), looks.stream().filter("look"::equals).count(), engine(said));
  }

  private static String engine(String said) {
    return said.lines().filter(line -> line.contains("engine")).findFirst().orElse("");
  }

  /** Names, kinds, modes and lengths. */
  private List<String> planted() throws Exception {
    return said("find", shared.toString(), "-user", NAME, "-printf", "%p %y %m %s %l\\n")
        .lines()
        .sorted()
        .toList();
  }

  /** The same client finds a Spark that asks for no secret: it would find ours. */
  @Test
  void shouldNotAnswerAStrangersClient() throws Exception {
    Path jars = Files.createDirectory(shared.resolve("jars"));
    for (String jar : StringUtils.split(classPath(), File.pathSeparatorChar)) {
      if (jar.endsWith(".jar")) {
        lend(Path.of(jar), jars.resolve(Path.of(jar).getFileName()));
      }
    }
    String client = Stranger.class.getName().replace('.', '/') + ".class";
    Path copy = shared.resolve("classes").resolve(client);
    Files.createDirectories(copy.getParent());
    Files.copy(Path.of("target/test-classes").resolve(client), copy);
    Path options = Files.copy(HOME.resolve("conf/jvm-options"), shared.resolve("options"));
    said("chmod", "-R", "a+rX", copy.getParent().toString(), shared + "/classes", jars.toString());
    said("chmod", "a+r", options.toString());

    assertThat(answer("-Dspark.authenticate=false"))
        .as("a Spark without secrets")
        .contains("found");
    assertThat(answer("-Dspark.app.name=ours")).contains("refused").doesNotContain("found");
  }

  private String answer(String setting) throws Exception {
    Process victim =
        new ProcessBuilder(java(SecondUserIT.class, setting))
            .redirectError(own.resolve("victim").toFile())
            .start();
    try (Scanner lines = new Scanner(victim.getInputStream(), StandardCharsets.UTF_8)) {
      String port = lines.findWithinHorizon("port \\d+", 0);
      assertThat(port).as(Files.readString(own.resolve("victim"))).isNotNull();
      return asStranger(
          "%s/bin/java @options -cp 'classes:jars/*' %s %s 2>/dev/null"
              .formatted(System.getProperty("java.home"), Stranger.class.getName(), port)
              .replace("port ", ""));
    } finally {
      victim.getOutputStream().close();
      if (!victim.waitFor(60, java.util.concurrent.TimeUnit.SECONDS)) {
        victim.destroyForcibly();
      }
    }
  }

  private static void lend(Path jar, Path to) throws IOException {
    try {
      Files.createLink(to, jar);
    } catch (FileSystemException e) { // another disk
      Files.copy(jar, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** In a folder of his with the sticky bit, where nobody may rename another's things. */
  @Test
  void shouldOverwriteItsOwnOutputInAStickyFolderOfAStranger() throws Exception {
    asStranger("mkdir -m 1777 his");
    Path run = shared.resolve("his/run");
    command(0, "-Dx=1", fit(run));
    String before = Files.readString(run.resolve("_committed"));

    command(0, "-Dx=1", fit(run));

    assertThat(run.resolve("_committed")).content().isNotEqualTo(before);
    try (Stream<Path> names = Files.list(run)) {
      assertThat(names).noneMatch(name -> name.getFileName().toString().startsWith("."));
    }
  }

  /** His run, which all may read: refused at once, and whole. So is what his link points to. */
  @Test
  void shouldNotOverwriteWhatIsAStrangersOrBehindHisLink() throws Exception {
    Path precious = Files.createDirectory(own.resolve("precious"));
    Files.writeString(precious.resolve("file"), "kept");
    Path his = shared.resolve("his");
    command(0, "-Dx=1", fit(his));
    said("chown", "-R", NAME, his.toString());
    said("chmod", "-R", "go-w", his.toString());
    asStranger("ln -s %s link".formatted(precious));
    List<String> before = planted();

    assertThat(command(1, "-Dx=1", fit(his)))
        .contains("flashlloyd: Output file:" + his + " cannot be created (")
        .contains("give --output where you may write")
        .doesNotContain("iteration", "\tat ");
    assertThat(command(1, "-Dx=1", fit(shared.resolve("link"))))
        .contains("holds file, and no output of an earlier run")
        .doesNotContain("iteration");

    assertThat(planted()).isEqualTo(before);
    assertThat(precious.resolve("file")).hasContent("kept");
  }

  private static List<String> fit(Path output) {
    return List.of(
        "fit",
        "--input=synthetic:rows=4000,dim=16,clusters=20,seed=3",
        "--k=20",
        "--init=random",
        "--max-iter=5",
        "--overwrite",
        "--output=" + output);
  }

  /** What a command says whose temporary folder, and Spark's, all share. */
  private String command(int status, String setting, List<String> arguments) throws Exception {
    List<String> command = java(Main.class, setting);
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isEqualTo(status);
    return said;
  }

  private List<String> java(Class<?> main, String setting) {
    List<String> command =
        new ArrayList<>(List.of("setpriv", "--bounding-set", "-all", "--inh-caps", "-all"));
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.add("@" + HOME.resolve("conf/jvm-options"));
    command.add("-Dlog4j2.configurationFile=" + HOME.resolve("conf/log4j2-embedded.properties"));
    command.addAll(List.of("-Xmx1g", setting));
    command.addAll(List.of("-Djava.io.tmpdir=" + shared, "-Dspark.local.dir=" + shared));
    command.addAll(List.of("-cp", classPath(), main.getName()));
    return command;
  }

  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  private String asStranger(String script) throws Exception {
    return said(stranger(script));
  }

  private ProcessBuilder stranger(String script) {
    return new ProcessBuilder("runuser", "-u", NAME, "--", "sh", "-c", script)
        .directory(shared.toFile());
  }

  private static String said(String... command) throws Exception {
    return said(new ProcessBuilder(command));
  }

  private static String said(ProcessBuilder builder) throws Exception {
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", builder.command(), said).isZero();
    return said;
  }
}

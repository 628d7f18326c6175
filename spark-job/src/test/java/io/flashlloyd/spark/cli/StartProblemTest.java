package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class StartProblemTest {
  @Test
  void shouldRefuseJavasThatHadoopFailsOn() {
    assertThat(StartProblem.ofJava(17)).isEmpty();
    assertThat(StartProblem.ofJava(21)).isEmpty();
    assertThat(StartProblem.ofJava(25))
        .hasValueSatisfying(
            said -> assertThat(said).startsWith("Java 25 runs this command (expected 17 to 23"));
  }

  @Test
  void shouldNameAMachineNameThatDoesNotResolve() {
    UnknownHostException unknown = new UnknownHostException("nosuch-host: nosuch-host: unknown");
    assertThat(StartProblem.of(unknown)).as("another host's").isEmpty();
    unknown.setStackTrace(
        new StackTraceElement[] {
          new StackTraceElement("java.net.InetAddress", "getLocalHost", "InetAddress.java", 1)
        });

    assertThat(StartProblem.of(new ExceptionInInitializerError(unknown)))
        .hasValueSatisfying(
            said ->
                assertThat(said)
                    .startsWith("This machine's name does not resolve (nosuch-host")
                    .contains("SPARK_LOCAL_HOSTNAME=localhost"));
  }

  @Test
  void shouldNameTheLimitOfOpenFiles() {
    Exception full = new FileNotFoundException("/data/a.npy (Too many open files)");

    assertThat(StartProblem.of(new IllegalStateException(full)))
        .hasValueSatisfying(
            said ->
                assertThat(said)
                    .matches(
                        "/data/a.npy \\(Too many open files\\): this process may open (\\w+) files"
                            + " \\(expected 4096 or more: ulimit -n 4096\\)"));
  }

  @Test
  void shouldNameTheFolderWhereANativeLibraryDoesNotLoad() {
    Error failed = new UnsatisfiedLinkError("no snappyjava in java.library.path");

    assertThat(StartProblem.of(failed))
        .hasValueSatisfying(
            said ->
                assertThat(said)
                    .contains(System.getProperty("java.io.tmpdir"), "noexec", "java.io.tmpdir="));
    assertThat(StartProblem.of(new NoClassDefFoundError("org/example/Other"))).isEmpty();
  }
}

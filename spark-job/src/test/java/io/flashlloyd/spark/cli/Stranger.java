package io.flashlloyd.spark.cli;

import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.apache.spark.internal.config.package$;
import org.apache.spark.rpc.RpcAddress;
import org.apache.spark.rpc.RpcEnv;
import scala.Option;

/** A client on the loopback that knows no secret. */
final class Stranger {
  private Stranger() {}

  /** The driver's port. */
  public static void main(String[] args) {
    System.out.println(answer(new RpcAddress("127.0.0.1", Integer.parseInt(args[0]))));
    System.exit(0);
  }

  /** What the driver says to it. */
  static String answer(RpcAddress driver) {
    SparkConf conf = new SparkConf(false).set("spark.rpc.lookupTimeout", "5s");
    SecurityManager nobody =
        new SecurityManager(conf, Option.empty(), package$.MODULE$.AUTH_SECRET_FILE());
    RpcEnv stranger = RpcEnv.create("stranger", "127.0.0.1", 0, conf, nobody, true);
    try {
      return "found " + stranger.setupEndpointRef(driver, "BlockManagerMaster").name();
    } catch (Exception e) { // Scala's methods throw checked exceptions that they do not declare
      return e instanceof SparkException ? "refused" : e.toString();
    } finally {
      stranger.shutdown();
    }
  }
}

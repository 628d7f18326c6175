/**
 * The CPU benchmark: steady Lloyd iterations of the CPU engine and of its peers on one data file,
 * in one run, beside the machine's multiply-add rate. Not part of the jar.
 */
package io.flashlloyd.engine.bench;

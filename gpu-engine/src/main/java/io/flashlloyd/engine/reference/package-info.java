/** The contract in plain Java, against which the fast engines are tested. */
package io.flashlloyd.engine.reference;

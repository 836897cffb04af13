/** Holds the one dependency rule of the modules over the compiled classes of all of them. */
package org.dartscc.benchmarks.architecture;

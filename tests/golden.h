/* Golden files: tests/FOLDER/golden/NAME.txt holds what a person has looked at. */
#ifndef TESTS_GOLDEN_H
#define TESTS_GOLDEN_H

/* Fails the test where text differs from the file (the first line that does is shown);
 * with JAC_GOLDEN=write in the environment writes the file instead. The path is relative
 * to the top folder: "tests/visual/golden/linear.txt". */
void golden_check(const char *path, const char *text);

#endif

/* The least that a program linked to the same libraries costs. */
int main(void) {
  return 0;
}

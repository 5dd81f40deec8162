// ADOL-C's dense Jacobian of z W with respect to W: seconds of each run.
#include <adolc/adolc.h>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

static double now() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return double(t.tv_sec) + 1e-9 * double(t.tv_nsec);
}

int main(int argc, char **argv) {
  if (argc < 4)
    return 1;
  int batch = atoi(argv[1]), in = atoi(argv[2]), out = atoi(argv[3]);
  int variables = in * out, outputs = batch * out;
  std::vector<double> z(batch * in, 0.5), w(variables, 0.25), y(outputs);
  trace_on(1);
  std::vector<adouble> W(variables);
  for (int k = 0; k < variables; k++)
    W[k] <<= w[k];
  for (int n = 0; n < batch; n++)
    for (int o = 0; o < out; o++) {
      adouble sum = 0.0;
      for (int i = 0; i < in; i++)
        sum += z[n * in + i] * W[i * out + o];
      sum >>= y[n * out + o];
    }
  trace_off();
  std::vector<double> numbers(size_t(outputs) * size_t(variables));
  std::vector<double *> rows(outputs);
  for (int k = 0; k < outputs; k++)
    rows[k] = &numbers[size_t(k) * size_t(variables)];
  double end = now() + 2.0;
  for (int run = 0; run < 3 || (run < 41 && now() < end); run++) {
    double start = now();
    jacobian(1, outputs, variables, w.data(), rows.data());
    printf("%.9g\n", now() - start);
  }
}

/* check as a person types it: references, claims, matrices of others, certified ones.
 * Long: one command, case by case. */
#include "tests/visual/shell_case.h"

#include "jacobian/formula/number.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static const struct shell_line lines[] = {
    {"$J check conv1d:2x1x1,length=3 --wrt z,W", 0, "3 of 3 references agree"},
    {"$J check conv2d:2x1x2,height=3,width=3,bias --wrt W,z", 0,
     "3 of 3 references agree"},
    {"$J check bilinear:2x3x2 --wrt z,y", 0, "3 of 3 references agree"},
    {"$J check softmax:3 cross-entropy 2>&1 >/dev/null", 0,
     "note: cross-entropy takes logits and applies softmax itself"},
    {"$J show softmax:3,temperature=2 Focal --wrt z 2>&1 >/dev/null", 0,
     "note: focal takes logits"},
    {"$J chain linear:2x3 sigmoid bce-logits 2>&1 >/dev/null", 0, "or write bce\n"},
    {"$J derive softmax nll 2>&1 >/dev/null", 0, "write log-softmax\n"},
    {"$J derive softmax cross-entropy --format json 2>/dev/null", 0,
     "\"subject\": \"softmax cross-entropy\""},
    {"$J check log-softmax:3 nll 2>&1 >/dev/null | wc -l", 0, "0\n"},
    {"LANGUAGE=fr $J derive softmax cross-entropy --lang fr 2>&1 >/dev/null", 0,
     "appliqué deux fois"},
    {"$J check lstm:2x2 --wrt z,W", 0, "3 of 3 references agree"},
    {"$J check gru:2x2,steps=2 --wrt U,U", 0, "3 of 3 references agree"},
    {"$J check conv1d:2x1x2,length=3 tanh linear:4x1 mse --wrt W1,W1 --gauss-newton", 0,
     "3 of 3 references agree"},
    {"$J check linear:2x2 relu linear:2x2 cross-entropy --wrt W1,W2", 0,
     "3 of 3 references agree"},
    {"$J check softmax:3 --wrt z,z,z", 2, "two variables at most, as in --wrt z,z"},
    {"$J check softmax:3 --wrt z,z --claim 1", 2, "leave --claim, --against"},
    {"$J check softmax:3 --batch 2 --claim 's[n,o]*(delta(o,i) - s[n,i])'", 0, "holds\n"},
    {"$J check softmax:3 --claim 'exp(z[i])/sum(k, exp(z[k]))*(delta(i,j) - s[j])'", 0,
     "holds\n"},
    {"$J check tanh:3 --claim 'diag(1 - z.^2)'", 1, "z stands where y was meant"},
    {"$J check softmax:3 --claim \"diag(z) - z'*z\"", 1, "z stands where y was meant"},
    {"$J check softmax:3 --claim 's[i]*delta(i,j)'", 1, "sum below is held constant"},
    {"$J check softmax:3 --claim '-s[o]*s[i]'", 1, "numerator is held constant"},
    {"$J check softmax:3 --claim '\\operatorname{diag}(y)'", 1,
     "sum below is held constant"},
    {"$J check softmax:3 --claim 'diag(y)'", 1, "sum below is held constant"},
    {"$J check softmax:3 --claim 's_i \\delta_{ij}'", 1, "sum below is held constant"},
    {"$J check softmax:3 --claim=\"-y*y'\"", 1, "numerator is held constant"},
    {"$J check softmax:3 --claim \"diag(s) + s*s'\"", 1, "wrong sign"},
    {"$J check softmax:3,temperature=2 --claim \"diag(s) - s*s'\"", 1,
     "temperature is left out"},
    {"$J check log-softmax:3 --claim I", 1, "logarithm of the sum is held constant"},
    {"$J check layer-norm:4 --wrt z --claim 'r \\operatorname{diag}(\\gamma)'", 1,
     "mean and the variance are held constant"},
    {"$J check layer-norm:4 --wrt z --claim 'r \\operatorname{diag}(\\gamma) (I - "
     "\\frac{1}{N} x x^\\top)'",
     1, "through the mean is missing"},
    {"$J check layer-norm:4 --wrt z --claim 'r \\operatorname{diag}(\\gamma) (I - "
     "\\frac{1}{N} \\mathbf{1}\\mathbf{1}^\\top)'",
     1, "through the variance is missing"},
    {"$J check layer-norm:4 --wrt z --claim 'r (I - \\frac{1}{4} "
     "\\mathbf{1}\\mathbf{1}^\\top"
     " - \\frac{1}{4} x x^\\top)'",
     1, "gamma is left out"},
    {"$J check rms-norm:3 --wrt z --claim 'r*diag(gamma)'", 1,
     "root mean square is held"},
    /* Products that cancel where softmax and tanh are saturated, and a formula that goes
     * through the smallest numbers. */
    {"$J check contrastive:2 --batch 2 --seed 30 --set 'z=1000 0; 0.5 -1000'", 0,
     "3 of 3 references agree"},
    {"$J check gru:2x2 --batch 2 --seed 30 --wrt U --set 'U=1e3 0 1e3 3 3 0.5; 3 3 0.5 "
     "1e3 1e3 1e3'",
     0, "3 of 3 references agree"},
    {"$J check logsigmoid:2 --set 'z=745 -745'", 0, "3 of 3 references agree"},
    {"$J check softmax:3 --claim 's[j]*(1 - s[j])*delta(j,k)'", 1, "the diagonal only"},
    {"$J check softmax:3 --claim 's[o]*(1 - s[o])'", 1, "it is the diagonal's entry"},
    {"$J check layer-norm:4 --wrt z --claim 'gamma[o]*r[n]*(delta(o,i) - (1 + "
     "x[n,o]*x[n,i])/(N - 1))'",
     1, "divided by N - 1, not by N"},
    {"$J check batch-norm:2 --batch 3 --wrt z --claim 'r[o]*delta(o,i)*delta(n,m)'", 1,
     "held constant, and gamma is left out"},
    {"$J check layer-norm:4 --wrt z --claim 'r I'", 1,
     "held constant, and gamma is left out"},
    {"$J check multi-head:4,heads=2 --batch 3 --wrt V --claim 'delta(o,i)*A[n,1,m]'", 1,
     "one head's weights"},
    {"$J check linear:2x2,bias --wrt b --batch 3 --claim '3*delta(o,i)'", 1,
     "it is summed over the samples"},
    {"$J check linear:2x2,bias --wrt b --batch 4 --claim '3*delta(o,i)'", 1,
     "there is a factor 3 too many"},
    {"$J check linear:2x2 --wrt W --batch 3 --claim 'delta(o,j)*sum(m, z[m,i])'", 1,
     "it is summed over the samples"},
    {"$J check linear:2x2 --wrt W --batch 3 --claim 'delta(o,j)*sum(m, z[m,i])/3'", 1,
     "it is averaged over the samples"},
    {"$J check batch-norm:2 --wrt gamma --batch 3 --claim 'delta(o,i)*sum(n, x[n,o])'", 1,
     "it is summed over the samples"},
    {"$J check linear:2x2 --wrt W --batch 3 --claim 'delta(o,j)*z[n,i]'", 0, "holds\n"},
    {"$J check softmax:3 --claim 'diag(y.*(1 - y))'", 1, "the diagonal only"},
    {"$J check sigmoid:3 --claim 'diag(sigmoid(y) - sigmoid(y).^2)'", 1,
     "y stands where z was meant"},
    {"$J check linear:3x2 sigmoid --wrt W --claim 'kron(I, z)'", 1, "does not hold"},
    {"$J check linear:3x2 sigmoid --wrt W --claim 'kron(diag(y.*(1 - y)), z)'", 0,
     "the claim holds\n"},
    {"$J check mse:3,reduction=mean --batch 2 --wrt z --claim '2*(z[m,i] - y[m,i])'", 1,
     "there is a factor 2 too many"},
    {"$J check cross-entropy:3,reduction=mean --batch 3 --wrt y --claim "
     "'-log(s[m,i])/batch'",
     0, "holds\n"},
    {"$J check softmax:3 --claim 's[j]*(delta(i,j) - s[i])'", 0, "holds\n"},
    {"$J check softmax:3 --claim 's[n,i]*(delta(i,j) - s[n,j])'", 0, "holds\n"},
    {"$J check tanh:3 --claim 'delta(o,j)*(1 - y[o]^2)'", 0, "holds\n"},
    {"$J check linear:3x2 --wrt z --claim 'W[j,o]'", 0, "holds\n"},
    {"$J check linear:2x2 --wrt z --claim 'W[o,j]'", 1, "does not hold"},
    {"$J check linear:2x3 --wrt z --claim 'W^T + 1e-7'", 1,
     "the entry (2,2) is -0.4966352 and should be -0.4966353"},
    {"$J check cross --wrt z --claim 0", 1, "it is zero, and the left side is not"},
    {"$J check softmax:3 --claim 's[n]*(delta(n,m) - s[m])'", 0, "holds\n"},
    {"$J check relu:3 --claim '2*delta(i,j)*ind(z[n,i] > 0)'", 1, "a factor 2 too many"},
    {"$J check batch-norm:3 --batch 2 --wrt gamma --claim 'delta(i,j)*x[n,i]'", 0,
     "holds\n"},
    {"$J check linear:3x2 --wrt z --claim 'W[i,j]'", 0,
     "with j the output's index and i the variable's"},
    {"$J check linear:3x2 --wrt W --claim 'delta(i,k)*z[j]'", 0, "the claim holds"},
    {"$J check linear:3x2 --wrt W --claim 'z[i]'", 2, "free indices do not fit"},
    {"$J check linear:3x2 --wrt W --claim 'sum(a, b) + x[c]*x[d]*x[e]*x[f]*x[g]'", 2,
     "indices"},
    {"$J check conv1d:2x1x2,length=4 --wrt z --claim 'W^T'", 2,
     "is a formula of one entry: `jacobian modules conv1d` shows"},
    {"$J check max-pool1d:2,channels=1,length=4 --claim 0", 2,
     "is a formula of one entry"},
    {"$J check tanh:3 --claim W", 2, "nothing says what W is"},
    {"$J check multi-head:4,heads=2 --batch 2 --wrt V --claim 0", 1, "  it is zero, and"},
    {"$J check tanh:3 --claim '1 - tanh(z[i])^2'", 0,
     "entry by entry: it is the diagonal"},
    {"$J check attention:2x2 --batch 3 --wrt V --claim 'delta(o,i)*A[n,m]'", 0,
     "holds\n"},
    {"$J check attention:2x2 --batch 3 --wrt V --claim 'kron(A, I)'", 0, "holds\n"},
    {"$J check conv1d:2x1x2,length=4 --wrt z --claim "
     "'sum(k, delta(q, stride*(l-1)+k)*W[k,i,o])'",
     0, "the claim holds"},
    {"$J check batch-norm:2 --batch 3 --wrt gamma --claim 'delta(o,i)*x[n,o]'", 0,
     "holds\n"},
    {"$J check mse:3 --wrt z --batch 2 --claim \"2*(z - y)\"", 0, "holds\n"},
    /* The norm of one number: 0 here, rounding where its terms are added up. */
    {"printf '1e-14,0\\n0,-3e-15\\n' > $D/0.csv; $J check weight-norm:1x2 --set 'z=2' "
     "--set 'V=0.3 -0.7' --set 'g=1 2' --wrt V --against $D/0.csv",
     0, "agrees"},
    {"printf '1e-9,0\\n0,-3e-15\\n' > $D/0.csv; $J check weight-norm:1x2 --set 'z=2' "
     "--set 'V=0.3 -0.7' --set 'g=1 2' --wrt V --against $D/0.csv",
     1, "differs"},
    /* A term as it stands may be 0 times infinity where there is a derivative. */
    {"$J check --define 'y = sqrt(u)*v' --set u=0 --set v=0 --wrt u", 0,
     "no value: y with respect to u (Jacobian nan, reference 0)"},
    {"$J check --define 'y = x*norm(x)' --set 'x=0 0'", 0, "no value here"},
    {"$J check --define 'y = asin(u)*v' --set u=1 --set v=0 --wrt u", 0, "no value here"},
    /* y is what the module calls so: a loss's labels (here 3 and 5), not its output (13).
     */
    {"printf -- '-12,-30\\n' > $D/y.csv; $J check mse:2 --set 'z=1 2' --set 'y=3 5' "
     "--against $D/y.csv",
     1, "most likely: there is a factor y too many\n"},
    {"printf -- '-52,-78\\n' > $D/y.csv; $J check mse:2 --set 'z=1 2' --set 'y=3 5' "
     "--against $D/y.csv",
     1, "most likely: it is 13 times the Jacobian\n"},
    {"printf 'inf,0\\n0,1\\n' > $D/inf.csv; $J check tanh:2 --set 'z=1 0' --against "
     "$D/inf.csv | grep -c 'most likely'",
     1, "0"},
    {"printf '1,0,0\\n0,1,0\\n0,0,1\\n' >$D/I.csv; $J check relu:3 --set 'z=1 0 -1' "
     "--against "
     "$D/I.csv",
     1, "largest error 1 at zᵏ₁₃"},
    {"$J check relu:1 --claim 0", 1, "it is zero, and the left side is not"},
    {"$J check relu:2 --set 'z=-1 -2' --claim 0", 1, "at these values only"},
    {"$J check leaky-relu:2 --claim '0.01*I'", 1, "is 0.01 and should be 1"},
    {"$J check elu:1 --claim 'exp(z[n,o])'", 1, "it is 1.004 and should be 1"},
    {"$J check hardswish:2 --claim 'delta(o,i)*(2*z[n,i] + 3)/6'", 1, "should be 0"},
    {"$J check softsign:1 --claim '1/(1 - z)^2'", 1, "it is 1.008 and should be 0.9925"},
    {"$J check relu:2 --claim 'delta(o,i)*ind(z[n,i] > 0.01)'", 1,
     "it is 0 and should be 1"},
    {"$J check relu:2 --claim 'delta(o,i)*ind(z[n,i] > 0)'", 0, "the claim holds"},
    {"$J check embedding:3x2 --wrt W --set z=1 --claim 'delta(o,j)*ind(i = 1)'", 1,
     "at these values only"},
    {"$J check normalize:1 --claim 0", 0, "the claim holds"},
    {"$J check mse:3 --wrt z --claim \"2*(z - y)'\"", 0, "the claim holds"},
    {"$J check linear:3x2 --form batch", 2,
     "check has no option --form, it belongs to show, explore"},
    {"$J check linear:3x2 --forma csv", 0, "max_abs_error"},
    {"$J check skip tanh:3 linear:3x3 add --wrt z", 0, "agree"},
    {"$J check softmax:4 --claim \"diag(s) - s'*s\"", 0,
     "with respect to z: the claim holds\n"},
    {"$J check softmax:4 --claim \"diag(s) - s*s'\"", 0,
     "the claim holds, with column vectors"},
    {"$J check softmax:4 --claim 's[i]*(delta(i,j) - s[j])'", 0, "the claim holds\n"},
    {"$J check softmax:4 --claim 's*(1 - s)'", 1, "does not hold"},
    {"$J check softmax:4 --claim '\\operatorname{diag}(s) - s^\\top s'", 0,
     "the claim holds\n"},
    {"$J check linear:3x2 --wrt z --claim W^T", 0, "the claim holds\n"},
    {"$J check linear:3x2 --wrt z --claim 'W^\\top'", 0, "the claim holds\n"},
    {"$J check linear:3x2 --wrt z --claim W", 0, "the claim holds, with column vectors"},
    {"$J check linear:3x2 --wrt z --claim '-W^\\top'", 1, "it has the opposite sign"},
    {"$J check linear:3x2 --wrt W --claim 'I \\otimes z^{k-1}'", 0, "the claim holds\n"},
    {"$J check linear:3x2 --wrt W --claim 'z^{k-1} \\otimes I'", 0,
     "matrices are numbered row by row"},
    {"$J check linear:3x4 --wrt W --claim '\\begin{pmatrix} z^{k-1} & 0 & \\cdots & "
     "\\cdots & 0 "
     "\\\\ 0 & z^{k-1} & 0 & & 0 \\\\ \\vdots & 0 & \\ddots & \\ddots & \\vdots \\\\ "
     "\\vdots & & "
     "\\ddots & \\ddots & 0 \\\\ 0 & \\cdots & \\cdots & 0 & z^{k-1} \\end{pmatrix}'",
     0, "the claim holds\n"},
    {"$J check linear:3x4 --wrt z --claim '\\begin{pmatrix} w_{1,1} & w_{2,1} & \\cdots "
     "& "
     "w_{input,1} \\\\ \\vdots & \\vdots & \\ddots & \\vdots \\\\ w_{1,output} & "
     "w_{2,output} & "
     "\\cdots & w_{input,output} \\end{pmatrix}'",
     0, "the claim holds\n"},
    {"$J check linear:3x4 --wrt z --claim '\\begin{pmatrix} w_{1,1} & w_{1,2} & \\cdots "
     "& "
     "w_{1,output} \\\\ \\vdots & \\vdots & \\ddots & \\vdots \\\\ w_{input,1} & "
     "w_{input,2} & "
     "\\cdots & w_{input,output} \\end{pmatrix}'",
     0, "with column vectors"},
    {"$J check tanh:3 --claim '1 - y^2'", 0, "a vector stands for the diagonal"},
    {"$J check tanh:3 --claim '1 - y[i]^2'", 0, "entry by entry: it is the diagonal"},
    {"$J check softmax:3 --claim 's[i]*(1 - s[i])'", 1, "does not hold"},
    {"$J check tanh:3 --claim 'diag(1 - y)'", 1, "the claim does not hold"},
    {"$J check mse:3 --wrt z --claim 'z - y'", 1, "a factor 2 is missing"},
    {"$J check mse:3,reduction=mean --batch 4 --wrt z --claim '2*(z - y)'", 1,
     "does not hold"},
    {"$J check softmax:4 --claim 'diag(s'", 2, "diag(s\n        ^"},
    {"$J check softmax:4 --claim 's + W'", 2, "nothing says what W is"},
    {"$J check softmax:4 --claim s --against x", 2,
     "--claim does nothing beside --against"},
    {"$J check linear:3x2 --claim W", 2, "choose its variable with --wrt"},
    {"$J check softmax:4 --claim \"diag(s) - s*s'\" --format json", 0,
     "\"diagnosis\": \"holds, with column vectors\""},
    {"$J check batch-norm:3 --wrt gamma --claim '-7*delta(o,i)*x[n,o]'", 1,
     "does not hold"},
    {"$J check relu:3 --wrt z --claim '2*delta(o,i)*ind(z[n,o] > 0)'", 1,
     "factor 2 too many"},
    {"$J check softmax:2 --set 'z=0 0' --claim '[1/4, -1/4; -1/4, 1/4]'", 1,
     "it holds at these values only"},
    {"$J check relu:3 --set 'z=1 2 3' --claim I --format json", 1, "\"differs\""},
    {"$J check layer-norm:3 --wrt z --claim 'gamma[o]*r[n]*delta(o,i)'", 1,
     "held constant"},
    {"$J check layer-norm:3 --wrt z --claim 'gamma[o]*r[n]*(delta(o,i) - 1/N)'", 1,
     "the path through the variance is missing"},
    {"$J check batch-norm:3 --wrt z --claim 'delta(o,i)*delta(n,m)*gamma[o]*r[o]'", 1,
     "held constant"},
    {"$J check attention:2x2,mask=causal --batch 3 --wrt V --claim "
     "'delta(o,i)*exp(S[n,m])/sum(l, exp(S[n,l]))'",
     1, "the mask is ignored"},
    {"$J check layer-norm:3 --wrt z --claim '3*gamma[o]'", 1, "at a sample it is"},
    {"$J check layer-norm:3 --wrt z --claim 'gamma[o]*r[n]*(delta(o,i) - (1 + "
     "x[n,o]*x[n,i])/N)'",
     0, "the claim holds"},
    /* Samples of very different scale, and points where all slopes are rounding. */
    {"$J check softmax:3 --batch 2 --set 'z=0 1e-8 20;1 1e300 1e16'", 0,
     "3 of 3 references agree"},
    {"$J check weight-norm:2x2 --wrt z --set 'z=-2.661 0' --set 'V=1.3e250 0; 0 "
     "-1.3e-200' --set 'g=1.005 1e160'",
     0, "3 of 3 references agree"},
    {"$J check weight-norm:2x2 --wrt V --set 'z=-1.3e-200 1.614' --set 'V=-1.2e-100 "
     "-1.6e300; 1.845 1.5e300' --set 'g=0.667 -1.4e-160'",
     0, "3 of 3 references agree"},
    {"$J check weight-norm:2x2 --wrt z --set 'V=-1.283 2.435; -1.7e308 -1.1e-20' --set "
     "'g=1.6e-100 1.7e-160'",
     0, "3 of 3 references agree"},
    {"$J check triplet:2,margin=3 --wrt z --set 'z=0 -1e308' --set 'y=0 1.5e150' --set "
     "'q=-1.6e-308 2.713'",
     0, "3 of 3 references agree"},
    {"$J check cross-entropy:3 --wrt z --set 'z=1e100 0 1e-308' --set 'y=-1e300 -0.04 "
     "2.507'",
     0, "3 of 3 references agree"},
    {"$J check cosine:2 --wrt y --set 'z=1.5e308 0' --set 'y=-1.676 -1.873'", 0,
     "3 of 3 references agree"},
    {"$J check softmax:3,temperature=0.1 --seed 21", 0, "3 of 3 references agree"},
    {"printf '3 0\\n0 3\\n' >$D/s.csv; $J check batch-norm:2 --wrt beta --batch 3 "
     "--against "
     "$D/s.csv",
     1, "it is summed over the samples"},
    {"printf '1 0\\n0 1\\n' >$D/s.csv; $J check batch-norm:2 --wrt beta --batch 3 "
     "--against "
     "$D/s.csv",
     0, "agrees"},
    {"printf '3 0\\n0 3\\n' >$D/s.csv; $J check linear:3x2,bias --wrt b --batch 3 "
     "--against "
     "$D/s.csv",
     1, "it is summed over the samples"},
    {"$J check lstm:3x2,steps=4 --batch 2 | grep -c agree", 0, "24\n"},
    {"$J check gru:1x4,steps=3 --batch 2", 0, "3 of 3 references agree"},
    {"$J check rnn:5x1,steps=6 --batch 3", 0, "3 of 3 references agree"},
    {"$J check lstm:12x1,steps=2 --wrt z", 0, "3 of 3 references agree"},
    {"$J check instance-norm:2,length=1 --batch 2", 0, "3 of 3 references agree"},
    {"$J show linear:2x2 --wrt W --set 'z=0 1; 2 3' --batch 2 --format csv >$D/a.csv; "
     "$J check linear:2x2 --wrt W --set 'z=0 1; 2 3' --batch 2 --against $D/a.csv",
     0, "agrees"},
    {"$J check cross-entropy:3 --batch 3 --set 'y=2 -100 1'", 0,
     "3 of 3 references agree"},
    {"$J check linear:3x2 --batch N", 2, "a whole number"},
    /* A pool takes the channels of the convolution before it, through what is entrywise.
     */
    {"$J check conv1d:2x3x2,length=5 relu avg-pool1d:2 --wrt z", 0,
     "3 of 3 references agree"},
    {"$J check conv2d:2x1x3,height=4,width=4 max-pool2d:2 --wrt z", 0,
     "3 of 3 references agree"},
    {"$J check linear:3x2,bias --batch 2", 0, "3 of 3 references agree"},
    {"$J check softmax:4 --set 'z=1000 -1000 0 1'", 0, "3 of 3 references agree"},
    {"$J check relu:3 --set 'z=1 0 -1'", 0, "not differentiable here"},
    {"$J check linear:2x2 --set 'z=nan 1'", 0, "no value here"},
    {"$J check mse:1 --set z=1e200 --set y=0", 0, "no value here"},
    {"$J check --define 'y = x^2' --set x=0", 0, "3 of 3 references agree"},
    {"$J check --define 'y = (x - 2)^4' --set x=2", 0, "3 of 3 references agree"},
    {"$J check mse:2 --set 'z=1 2' --set 'y=1 2' --wrt z", 0, "3 of 3 references agree"},
    {"$J check mse:1 --set z=0.3 --set y=0.30000000000000004 --wrt z", 0,
     "3 of 3 references agree"},
    {"$J check --define 'y = sign(x)' --set x=0", 0, "x: not differentiable here"},
    {"$J check --define 'y = sign(x)' --set 'x=1 0'", 0,
     "  y\xe2\x82\x82         x\xe2\x82\x82            0          inf"},
    {"$J check --define 'y = sign(x)' --set 'x=1 -1'", 0, "3 of 3 references agree"},
    {"$J check relu:2 --wrt z,z --set 'z=0 1'", 0, "z,z: not differentiable here"},
    {"$J check --define 'y = exp(x)' --set 'x=709 1'", 0,
     "e+293 at y\xe2\x82\x81, x\xe2\x82\x81;"},
    {"$J check linear:2x2 --wrt z --claim 'W^T + 1e-10'", 1,
     "it is -0.0039999999 and should be -0.004"},
    {"$J check mae:2 --set 'z=1 2' --set 'y=1 0'", 0, "not differentiable here"},
    {"$J check max-pool1d:2,length=4 --set 'z=1 1 2 0'", 0, "not differentiable here"},
    {"$J check huber:2 --set 'z=1 -1' --set 'y=0 0'", 0, "3 of 3 references agree"},
    {"$J check leaky-relu:2 --set 'z=0 1'", 0, "not differentiable here"},
    {"$J check softmax:4 --sweep", 0, "falls as h^2"},
    {"$J check linear:3x2 --difference plain", 0, "3 of 3"},
    {"$J check linear:3x2 --against $D/x.npy", 2, "choose its variable with --wrt"},
    {"$J chain linear:2x2 tanh --wrt W --format npy -o $D/C.npy; "
     "$J check linear:2x2 tanh --wrt W --against $D/C.npy",
     0, "agrees"},
    {"$J check linear:3x4,bias tanh linear:2,bias softmax --batch 2", 0, "3 of 3"},
    {"$J check softmax:2 --format csv", 0, "softmax:2,z,\"finite differences\",agrees,"},
};

START_TEST(lines_answer) {
  shell_line_answers(&lines[_i]);
}
END_TEST

/* A user's matrix, made from our own in some way, is judged as it deserves. */
static const struct shell_line judged[] = {
    {"$J show linear:3x2 --wrt W --format npy -o $D/J.npy; "
     "$J check linear:3x2 --wrt W --against $D/J.npy",
     0, "J.npy agrees"},
    {"$J show linear:3x2 --wrt W --format csv -o $D/J.csv; "
     "$J check linear:3x2 --wrt W --against $D/J.csv",
     0, "agrees"},
    {"$J show linear:3x2 --wrt W --batch 2 --form full -o $D/J.npy; "
     "$J check linear:3x2 --wrt W --batch 2 --against $D/J.npy",
     0, "read as: full"},
    {"$J show linear:3x2 --wrt W --batch 2 -o $D/J.npy; "
     "$J check linear:3x2 --wrt W --batch 2 --against $D/J.npy",
     0, "read as: batch"},
    {"$J show linear:3x2 --wrt W --order C -o $D/J.npy; "
     "$J check linear:3x2 --wrt W --against $D/J.npy",
     1, "numbered in the other order"},
    {"$J show linear:3x2 --wrt W --order C -o $D/J.npy; "
     "$J check linear:3x2 --wrt W --order C --against $D/J.npy",
     0, "agrees"},
    {"$J check linear:2x3 --wrt z --set 'W=1 2 3; 4 5 6' --against $D/W.csv", 1,
     "transpose"},
    {"$J check linear:3x3 --wrt z --set 'W=1 2 3; 4 5 6; 7 8 0' --against $D/S.csv", 1,
     "most likely: it is the transpose"},
    {"$J check linear:4x2 --wrt z --against $D/W.csv", 1, "wrong shape: it is 2x3"},
    {"$J check linear:3x2 --wrt z --batch 4 --set 'W=1 4; 2 5; 3 6' --against $D/W.csv",
     0, "one matrix for every sample"},
    {"$J check linear:2x3 --wrt z --batch 4 --set 'W=1 2 3; 4 5 6' --against $D/W.csv", 1,
     "transpose"},
    {"printf '4,6,0,0\\n0,0,4,6\\n' >$D/sum.csv; $J check linear:2x2 --wrt W --batch 2 "
     "--set 'z=1 2; 3 4' --against $D/sum.csv",
     1, "it is summed over the samples"},
    {"printf '2,3,0,0\\n0,0,2,3\\n' >$D/sum.csv; $J check linear:2x2 --wrt W --batch 2 "
     "--set 'z=1 2; 3 4' --against $D/sum.csv",
     1, "it is averaged over the samples"},
    {"$J check linear:3x2 --wrt z --set 'W=-1 -4; -2 -5; -3 -6' --against $D/W.csv", 1,
     "opposite sign"},
    {"$J check linear:3x2 --wrt z --set 'W=.5 2; 1 2.5; 1.5 3' --against $D/W.csv", 1,
     "it is 2 times the Jacobian"},
    {"$J check linear:3x2 --wrt z --set 'W=1.0001 4; 2 5; 3 6' --against $D/W.csv", 1,
     "agrees to about 4 digits"},
    {"$J check linear:3x2 --wrt z --set 'W=1.0001 4; 2 5; 3 6' --against $D/W.csv "
     "--tolerance 1e-3",
     0, "agrees"},
    /* softmax at 1 2 3, to 4 decimals, and with one of them of the other sign */
    {"printf '.0819,-.0220,-.0599\\n-.0220,.1848,-.1628\\n-.0599,-.1628,.2227\\n' "
     ">$D/s4.csv; $J check softmax:3 --set 'z=1 2 3' --against $D/s4.csv",
     0, "read as: matrix, rounded to 4 decimals"},
    {"$J check softmax:3 --set 'z=1 2 3' --against $D/s4.csv --tolerance 1e-6", 1,
     "agrees to about"},
    {"sed 's/,-.1628$/,.1628/' $D/s4.csv >$D/s5.csv; "
     "$J check softmax:3 --set 'z=1 2 3' --against $D/s5.csv | grep -c '^  zᵏ'",
     0, "1"},
    /* the same to 2 digits, and with its last entry off by one in the second; to 2 digits
       of another softmax */
    {"printf '.082,-.022,-.060\\n-.022,.18,-.16\\n-.060,-.16,.22\\n' >$D/s2.csv; "
     "$J check softmax:3 --set 'z=1 2 3' --against $D/s2.csv",
     0, "equal to the file's 2 digits, which tell no more"},
    {"sed 's/.22$/.23/' $D/s2.csv >$D/s3.csv; "
     "$J check softmax:3 --set 'z=1 2 3' --against $D/s3.csv | grep -c '^  zᵏ'",
     0, "1"},
    {"$J check softmax:3 --set 'z=1 2 2.9' --against $D/s2.csv", 1, "differs"},
    {"$J check softmax:3 --set 'z=1 2 3' --against $D/s2.csv --tolerance 1e-6", 1,
     "differs"},
    /* layer norm at 1 2 4 with N - 1 in the derivative alone, and below the root alone,
       from NumPy */
    {"printf '0.076363,-0.381800,0.305437\\n-0.381800,0.505886,-0.124086\\n"
     "0.305437,-0.124086,-0.181351\\n' >$D/n1.csv; $J check layer-norm:3 --set 'z=1 2 4' "
     "--set 'gamma=1 1 1' --wrt z --against $D/n1.csv",
     1, "divided by N - 1, not by N"},
    {"printf '0.270175,-0.259782,-0.010392\\n-0.259782,0.426044,-0.166261\\n"
     "-0.010392,-0.166261,0.176653\\n' >$D/n1.csv; $J check layer-norm:3 --set 'z=1 2 4' "
     "--set 'gamma=1 1 1' --wrt z --against $D/n1.csv",
     1, "divided by N - 1, not by N"},
    {"$J check softmax:3 --against $D/s4.csv", 1, "drawn from the seed: z; --set"},
    {"$J check linear:3x2 --wrt z --batch 4 --against $D/W.csv", 1,
     "drawn from the seed: W; --set"},
    {"printf '0.419974341614026,0,0\\n0,0.0706508248531645,0\\n0,0,"
     "0.00986603716544019\\n' >$D/tanh.csv; "
     "$J check tanh:3 --set 'z=1 2 3' --against $D/tanh.csv | grep -c drawn",
     1, "0"},
    {"printf '1,0\\n0,1' >$D/I.csv; "
     "$J check relu:2 --set 'z=1 0' --against $D/I.csv --wrt z",
     0, "neither right nor wrong"},
    /* Beyond what a number can hold is no kink; beside 0 there is one. */
    {"$J check --define 'y = 1/x' --set x=1e-160", 0, "1 entry cannot be told"},
    {"$J check --define 'y = abs(x)' --set x=0", 0, "not differentiable here"},
    /* Beside a tiny number a zero moves by tiny steps. */
    {"$J check cosine:2 --set 'z=1e-160 0' --set 'y=1 3' --wrt z", 0,
     "3 of 3 references agree"},
    {"$J check distance:2 --set 'z=1e-200 2e-200' --set 'y=0 0' --wrt y", 0,
     "3 of 3 references agree"},
    {"$J check linear:3x2,bias --batch 3 --wrt b --claim 'batch*eye(2)'", 1,
     "there is a factor"},
    {"$J check batch-norm:3 --batch 4 --wrt beta --claim 'batch*delta(o,i)'", 1,
     "it is summed over the samples"},
    {"printf -- '-0,1\\n0,1\\n' >$D/N.csv; $J check tanh:2 --set 'z=0 0' --wrt z "
     "--against $D/N.csv | grep -c -- ' -0 '",
     1, "0"},
    {"printf 'x' >$D/b.npy; $J check relu:2 --wrt z --against $D/b.npy", 2, "b.npy"},
};

/* With --certify; a build without Arb says so, each time. */
static const struct {
  const char *arguments;
  int status;
  const char *says;
} certified[] = {
    {"softmax:4 --batch 2", 0, "; all 32 entries proved: within "},
    {"attention:2x2,mask=causal --batch 3 --wrt Q", 0,
     "; all 36 entries proved: within "},
    {"attention:1x1 --wrt Q", 0, "; its 1 entry proved: within "},
    {"relu:3 --set 'z=1 0 -1'", 0, "8 of 9 entries proved: within 0 ulp; 1 kink"},
    {"--define 'y=sqrt(x)' --set 'x=0'", 0, "1 pole or jump cannot be narrowed"},
    {"--define 'y=sec(x) + csc(x) + cot(x)' --size x=1", 0, "its 1 entry proved"},
    {"--define 'y=sech(x) + csch(x) + coth(x)' --size x=1", 0, "its 1 entry proved"},
    {"--define 'y=asin(x) + acos(x).*atanh(x)' --set x=0.3", 0, "its 1 entry proved"},
    {"--define 'y=asinh(x) + acosh(x)' --set x=1.3", 0, "its 1 entry proved"},
    {"--define 'y=acosh(x)' --set x=1", 0, "pole or jump"},
    {"--define 'y=step(x).*expit(x)' --set x=0.5", 0, "its 1 entry proved"},
    {"--define 'y=step(x)' --set x=0", 0, "pole or jump"},
    {"--define 'y=swish(x)' --size x=1", 2, "not known to intervals: swish"},
    {"softmax:3 --format json", 0, "\"proved\": 9"},
    {"linear:3x2 tanh", 2, "certify its modules or parts one by one"},
    {"linear:3x2 --against J.npy --wrt z", 2, "--certify does nothing beside --against"},
    {"softmax:4 --claim 's[i]*(delta(i,j) - s[j])'", 0, "holds; proved by certified"},
    {"softmax:4 --batch 2 --claim \"diag(s) - s'*s\"", 0, "holds; proved by certified"},
    {"softmax:4 --claim 's[i]*(delta(i,j) - s[j])*(1 + 1e-9)'", 1,
     "does not hold; refuted by certified"},
    {"softmax:4 --claim '(1 + 1e-15)*s[i]*(delta(i,j) - s[j])'", 1,
     "off by 1e-15 of the entry, for certain"},
    {"linear:3x1 --wrt W --claim '[1, 2; 3, 4]'", 1, "where 1 x 3 is needed"},
    {"softmax:4 --claim '2*s[i]*(delta(i,j) - s[j])'", 1, "there is a factor 2 too many"},
    {"linear:3x2 --wrt z --claim 'W'", 0, "holds, with column vectors; proved"},
    {"linear:3x2 --wrt W --claim 'kron(eye(2), z)' --order C", 0, "proved by certified"},
    {"tanh:3 --claim '1 - y^2'", 0, "a vector stands for the diagonal; proved"},
    {"layer-norm:4 --batch 2 --wrt z --claim 'gamma[i]*r*(delta(i,j) - (1 + "
     "x[i]*x[j])/N)'",
     0, "holds; proved by certified"},
    {"layer-norm:4 --batch 2 --wrt z --claim 'gamma[o]*r[n]*(delta(o,i) - (1 + "
     "x[n,o]*x[n,i])/N)'",
     0, "holds; proved by certified"},
    {"attention:2x2 --batch 3 --wrt V --claim 'kron(A, I)'", 0, "holds; proved"},
    {"batch-norm:2 --batch 3 --wrt gamma --claim 'delta(o,i)*x[n,o]'", 0, "proved"},
    {"cross-entropy:3 --batch 2 --wrt z --claim 's - y'", 0, "proved by certified"},
    {"conv1d:2x1x2,length=4 --wrt z --claim "
     "'sum(k, delta(q, stride*(l-1)+k)*W[k,i,o])'",
     0, "proved by certified"},
    {"mse:3 --wrt z --claim '2*(z - y)' --format json", 0, "\"certified\": true"},
    {"--define 'y = tanh(z*W)' --size z=1x3,W=3x2 --wrt z --claim \"diag(1-y.^2)*W'\"", 0,
     "proved by certified"},
    {"--define 'y = tanh(W*z)' --size z=3x1,W=2x3 --wrt z --claim 'diag(1-y.^2)*W'", 0,
     "proved by certified"},
    {"linear:3x2 --claim 'W' --wrt z --batch 2", 0, "proved by certified"},
};

START_TEST(claims_and_entries_are_proved) {
  char line[600], out[20000];
  bool available = jac_ball_library() != NULL;
  snprintf(line, sizeof line, "$J check %s --certify", certified[_i].arguments);
  int status = shell_run(line, out, sizeof out);
  ck_assert_msg(status == (available ? certified[_i].status : 2), "%s: status %d: %s",
                line, status, out);
  ck_assert_msg(strstr(out, available ? certified[_i].says : "without Arb") != NULL ||
                    (!available && strstr(out, "beside --against") != NULL),
                "%s: %s", line, out);
  ck_assert_int_eq(shell_run("$J --version", out, sizeof out), 0);
  ck_assert_ptr_nonnull(strstr(out, available ? "by FLINT " : "without certified"));
}
END_TEST

START_TEST(matrices_are_judged) {
  char out[20000];
  ck_assert_int_eq(shell_run("printf '1,2,3\\n4,5,6\\n' >$D/W.csv; "
                             "printf '1,2,3\\n4,5,6\\n7,8,0\\n' >$D/S.csv",
                             out, sizeof out),
                   0);
  shell_line_answers(&judged[_i]);
}
END_TEST

START_TEST(check_json_is_the_design_s) {
  json_t *json = shell_json("$J check relu:2 --set 'z=0 1' --format json");
  ck_assert_uint_eq(json_array_size(json), 3);
  static const char *const keys[] = {"module",    "wrt",           "against",
                                     "verdict",   "max_abs_error", "max_rel_error",
                                     "tolerance", "worst",         "diagnosis"};
  json_t *first = json_array_get(json, 0);
  for (size_t k = 0; k < 9; k++)
    ck_assert_msg(json_object_get(first, keys[k]) != NULL, "%s", keys[k]);
  ck_assert_str_eq(json_string_value(json_object_get(first, "verdict")),
                   "not differentiable");
  ck_assert_str_eq(
      json_string_value(json_object_get(json_object_get(first, "worst"), "row")),
      "z^{k}_{1,1}");
  json_decref(json);
}
END_TEST

Suite *cli_check_suite(void);
Suite *cli_check_suite(void) {
  Suite *suite = suite_create("cli_check");
  TCase *tc = shell_case();
  tcase_add_loop_test(tc, lines_answer, 0, (int)(sizeof lines / sizeof lines[0]));
  tcase_add_loop_test(tc, claims_and_entries_are_proved, 0,
                      (int)(sizeof certified / sizeof certified[0]));
  tcase_add_loop_test(tc, matrices_are_judged, 0,
                      (int)(sizeof judged / sizeof judged[0]));
  tcase_add_test(tc, check_json_is_the_design_s);
  suite_add_tcase(suite, tc);
  return suite;
}

/* show, chain and table as a person types them: what stands there, and what is refused.
 * Long: one command, case by case. */
#include "tests/visual/shell_case.h"

#include <jansson.h>

static const struct shell_line lines[] = {
    /* Markdown has one size of letters: what a line does not hold is left out. */
    {"$J show softmax:5 --entries symbols --format markdown --width 12cm", 0,
     "& \\cdots & "},
    {"$J show softmax:5 --entries symbols --format latex --width 12cm", 0,
     "-s_{1,1} s_{1,4}"},
    {"$J show softmax:5 --entries symbols --format markdown", 0, "-s_{1,1} s_{1,4}"},
    {"$J show linear --seed 3", 2, "words, for which --seed does nothing"},
    {"$J show linear --precision 3", 2, "words, for which --precision does nothing"},
    {"$J show linear --format latex --elide 3", 2, "for which --elide does nothing"},
    {"$J show linear --wrt z,z --gauss-newton", 2, "--gauss-newton does nothing"},
    {"$J show tanh:2 --set 'z = \xe2\x88\x92"
     "1 2'",
     0, "at z = -1 2"},
    {"$J show --define 'y = W*x' --size 'x = 2x1, W = 2x2' --set ' W = 1 2; 3 4'", 0,
     "W = 1 2; 3 4"},
    {"printf '1\\n' > $D/one.csv; $J show tanh:1 --set \"z = @$D/one.csv\"", 0, "z = 1"},
    {"$J show linear:3x2 --batch 2 --set 'z=1 2 3'", 2, "(or --batch 1)"},
    {"$J show tanh:3 --set 'z=1' --set 'z = 2'", 2, "--set z is given twice"},
    {"$J show linear:2x2 --wrt z,W --format csv", 0,
     "\"\\partial z^{k}_{1,1}/\\partial z^{k-1}_{1,2}\",0.0,1,0.0,0.0"},
    {"$J show softmax:2 --wrt z,z --format latex", 0,
     "H_{\\text{softmax}}^{z^{k-1},z^{k-1}}\\big|_{z^{k}_{1,2}}"},
    {"$J show mse:2 --wrt z,y --format json", 0, "\"wrt\": \"z,y\""},
    {"$J show conv1d:2x1x1,length=3 --wrt z,W", 0, "by differences of fast products"},
    {"$J show softmax:3 --wrt z,q", 2, "softmax:3 has no variable 'q'"},
    {"$J chain softmax:3 mse --wrt z,z", 2, "are those of show and check"},
    {"$J derive --define 'y_i = x_i^2'", 0, "∂y/∂x = 2 diag(x)"},
    {"$J derive --define 'k_i = x_i.^2'", 0, "∂k/∂x = 2 diag(x)"},
    {"$J derive lstm --wrt W_9", 2,
     "there is no variable W_9: did you mean W_o? (z, W_o,"},
    {"$J derive linear --wrt q", 2, "there is no variable q: there is z, W"},
    {"$J derive pose,by=fish", 2, "pose: by=fish: axis or quaternion is needed"},
    {"$J derive dropout,p=7", 2, "dropout: p=7: a probability"},
    {"$J derive group-norm,groups=3 --wrt z", 0, "Derivative of group-norm,groups=3"},
    {"$J derive softmax --wrt z,z,z", 2, "two variables at most"},
    {"$J show linear:3x2 --wrt W --format latex --env align --label eq:J --brackets b "
     "--notation 'z^{k-1}=x, W=\\Theta' --name '\\frac{\\partial z}{\\partial W}' "
     "--entries symbols",
     0,
     "\\frac{\\partial z}{\\partial \\Theta} = \\left[\\begin{array}{@{\\,}ccc|ccc@{\\,}}"
     "\n  x_{1,1}"},
    {"$J show linear:3x2 --wrt z --format latex --notation W=\\\\Theta --entries symbols",
     0, "\\theta_{1,1} & \\theta_{2,1}"},
    {"$J table shapes linear:3x4,bias tanh linear:2 cross-entropy --batch 2", 0,
     "W         2 × 4 × 12                24"},
    {"$J table shapes linear:3x4,bias tanh", 0, "total            1 × 4           16"},
    {"$J table compare softmax:2 --set 'z=1 2' --format markdown", 0,
     "| $z^{k}_{1,1}$ | $z^{k-1}_{1,1}$ | $0.1966$ | $0.1966$ |"},
    /* General sizes in Markdown: fewer rows and columns where a line holds no more, and
       at last below the left side. */
    {"$J show softmax --entries symbols --format markdown", 0,
     "-s_{1,1} s_{1,n} \\\\\n  \\vdots & \\ddots & \\vdots \\\\\n"},
    {"$J show softmax --entries symbols --format markdown --width 30cm", 0,
     "-s_{1,1} s_{1,2} & \\cdots & -s_{1,1} s_{1,n}"},
    {"$J show cross-entropy --entries symbols --format markdown", 0,
     " &J_{\\ell}^{z^{k-1}}\\big|_{n=1} = \\\\\n &\\quad \\begin{pmatrix}\n"},
    {"$J show cross-entropy --entries symbols --format latex", 0,
     "J_{\\ell}^{z^{k-1}}\\big|_{n=1} &= "},
    /* Of many entries the first and the last, and what all come to. */
    {"$J table compare linear:20x20 --wrt z | grep -c '[0-9]$'", 0, "20\n"},
    {"$J table compare relu:2 --set 'z=0 1' | sed -n 2p", 0, " 0        kink"},
    {"$J table compare --define 'y = log(x)' --set x=-1", 0, " nan  no value here"},
    {"$J table compare --define 'y = sign(x)' --set x=0", 0,
     "there is nothing to compare"},
    {"$J table compare linear:20x20 --wrt z --elide never | grep -c '[0-9]$'", 0,
     "400\n"},
    {"$J table compare linear:3x2 --wrt z --elide 3 | sed -n 4p", 0, "  ⋮       ⋮"},
    {"$J table compare linear:20x20 --wrt z --format latex --elide 3", 0,
     "$\\vdots$ & $\\vdots$ & $\\vdots$ & $\\vdots$ & $\\vdots$ \\\\\n$z^{k}_{1,20}$"},
    {"$J table compare linear:20x20 --wrt z", 0,
     "20 of 400 entries are shown; the largest"},
    {"$J table shapes linear:3x2 --elide 4", 2, "--elide does nothing to table shapes"},
    /* Lines that a terminal holds, and that Markdown's width holds. */
    {"COLUMNS=72 $J table cheatsheet | tr -d '\\200-\\277' | awk 'length($0) > 72' | "
     "grep -c .",
     1, "0\n"},
    {"$J table cheatsheet", 0, "\nlinear\n  zᵏₙₒ = Σᵢ zᵏ⁻¹ₙᵢ wᵢₒ + bₒ\n  d/dz: wᵢₒ\n"},
    {"$J modules linear --format markdown --width 6cm", 0,
     "w_{i,o} \\\\\n  &\\quad + b_{o}"},
    {"$J check linear:3x2 --format markdown --width 6cm", 0,
     "|-------------|----|-------|----|-----|-----|"},
    {"$J check tanh:2 --format markdown", 0,
     "|--------|-----------|--------------------|"},
    {"$J table activations", 0, "▁▁▁▂▃▄▅▆▇▇███"},
    /* Of one number: no indices, no deltas; Markdown goes into LaTeX, which has no
       blocks. */
    {"$J table activations | grep mish", 0,
     "  z tanh(softplus(z))                             tanh(softplus(z)) + z σ(z)(1 − "
     "tanh²(softplus(z)))  "},
    {"$J table activations --format markdown | grep -v flatten | sed -n '13p;14p;17p'", 0,
     "| `selu` | $1.0507(\\max(z, 0) + 1.6733(e^{\\min(z, 0)} - 1))$ | $1.0507 \\cdot "
     "(\\mathbf{1}_{z  >  0} + 1.6733 \\mathbf{1}_{z \\leq 0} e^{z})$ | `_____.:-=+*##` "
     "|\n"
     "| `celu` | $\\max(z, 0) + \\alpha\\left(e^{\\frac{\\min(z, 0)}{\\alpha}} - "
     "1\\right)$ | $\\mathbf{1}_{z  >  0} + \\mathbf{1}_{z \\leq 0} "
     "e^{\\frac{z}{\\alpha}}$ | "
     "`_____..:-=+*#` |\n| `softsign` | $\\frac{z}{1 + \\left\\vert z\\right\\vert}$ | "
     "$\\frac{1}{(1 + \\left\\vert z\\right\\vert)^{2}}$ | `____.:-+*####` |\n"},
    {"$J show rnn --wrt z --entries symbols --format latex", 0,
     "% packages: graphicx\n\\[\n"},
    {"$J show softmax --entries symbols --format latex | grep -c resizebox; $J show "
     "linear "
     "--wrt W --entries symbols --format latex --width column | grep -c resizebox",
     0, "0\n1\n"},
    /* A column holds its words, or the whole is shrunk. */
    {"$J table shapes linear:3x4,bias tanh linear:2 cross-entropy --format latex --width "
     "column",
     0, "% packages: graphicx\n\\begin{center}\\resizebox{\\linewidth}{!}{%\n"},
    {"$J table activations --format latex", 0, "resizebox{\\linewidth}"},
    {"$J table cheatsheet --format latex --lang fr", 0, "Les jacobiennes des modules"},
    {"$J modules group-norm", 0,
     "Numbers of group-norm:4,groups=2, batch 2\n  N = 2, eps = 1e-05, G"},
    {"$J modules multi-head", 0,
     "Numbers of multi-head:4,heads=2, batch 2\n  H = 2, F = 2\n"},
    {"$J table", 2, "table of what? One of shapes"},
    {"$J help foo", 2, "no command is called 'foo'"},
    {"$J help quiz", 0, "jacobian quiz [MODULE]"},
    {"$J chain tanh:3 --all=3", 2, "the option --all takes no value: leave =3 out"},
    {"printf '1,2' >$D/no.npy; $J show tanh:2 --set z=@$D/no.npy", 2,
     "no.npy is no NPY file"},
    {"$J table shape linear:3x2", 2, "table shape: one of shapes, activations"},
    {"$J table activations linear:3x2", 2, "takes no spec"},
    {"$J show linear:3x2 --wrt z --format latex --env bare", 0, "J_{M_{W}}^{z^{k-1}} = "},
    {"$J show linear:3x2 --wrt z --format latex --width 8", 2,
     "--width 8: a width such as 8cm"},
    {"$J show linear:3x2 --wrt z --format latex --notation x", 2,
     "--notation x: NAME=NAME"},
    {"$J show linear:2x2 --set 'W=-0 1; 2 -0' --wrt z | grep -c -e '-0 '", 1, "0"},
    {"$J show batch-norm:3", 0, "the output is beta, whatever z is"},
    {"$J show batch-norm:3 --batch 2 | grep -c whatever.z", 1, "0"},
    {"$J chain linear:2x2,W=A tanh linear:2x2,W=A --wrt A", 0,
     "  way 2 of 2 from A to the output: the Jacobian is the sum over them\n  J1\n"},
    {"$J chain linear:2x2,W=A linear:2x2,W=A --wrt A --format npy", 2,
     "A goes 2 ways to the output: show has"},
    {"$J show tanh:2 --of y", 2, "it is for equations"},
    /* A zero that was computed is not one whatever the values. */
    {"$J show relu:2 --set z='-1 2' --format latex", 0, "  0.0 & 0 \\\\\n  0 & 1\n"},
    {"$J show relu:2 --set z='-1 2' --format latex", 0, "% 0.0: zero at these values"},
    {"$J show relu:2 --set z='1 2' --format latex | grep -c 'zero at'", 1, "0"},
    {"$J show relu:2 --set z='-1 2' --format markdown", 0, ", at `z = -1 2` (0.0: zero"},
    {"$J show relu:2 --set z='-1 2' --format csv", 0,
     "\"output at z = -1 2\",\"z^{k-1}_{1,1}\",\"z^{k-1}_{1,2}\"\n"
     "\"z^{k}_{1,1}\",0.0,0\n\"z^{k}_{1,2}\",0,1\n"},
    {"$J show relu:2 --set z='-1 2' --format json", 0, "[[0.0, 0],\n  [0, 1.0]]"},
    {"$J show linear:2x2 --wrt W --form reduced --format latex --set 'z=0 1'", 0,
     "  \\begin{pmatrix} 0.0 & 1 \\end{pmatrix} & 0 "},
    {"$J show cross-entropy:3 --batch 2 --set 'y=2 -100' | tail -1", 0,
     "0       0       0"},
    {"$J show cross-entropy:3 --set y=4", 2, "classes are numbered from 1 to 3"},
    {"$J show nll:3 --set y=0", 2, "(PyTorch's from 0)"},
    {"$J show cross-entropy:3,smoothing=0.1 --set y=-100", 2, "a sample of no class"},
    {"$J show nll:3,reduction=mean --batch 2 --set 'y=1 -100'", 2, "say ignore=-100"},
    {"$J show nll:3,reduction=mean,ignore=-100 --batch 2 --set 'y=1 -100' --format csv",
     0, ",-1,0.0,0.0"},
    {"$J show cross-entropy:3,smoothing=0.1,ignore=-100 --set y=-100", 0, "0"},
    {"$J show rnn:1x1,steps=2 --wrt z --entries symbols", 0, "w₁ⱼ G²₁ⱼ"},
    {"$J show rnn:1x1,steps=2 --wrt U --entries symbols", 0, "G¹₁₁ h₁₁ + G²₁₁ h¹₁"},
    {"$J show cross-entropy:3,ignore=4", 2, "a class from 1 to 3, or -100"},
    {"$J show nll:3,ignore=1.5", 2, "a class from 1 to 3, or -100"},
    {"$J show softmax:3 --set 'z=1,5; 2,5; 3,5' | grep at", 0, "at z = 1.5 2.5 3.5\n"},
    {"$J show tanh:2 --set 'z=1,5;2,5' --batch 2 | grep at", 0, "at z = 1 5; 2 5\n"},
    {"$J show tanh:1 --set 'z=1,50;-2,25' --batch 2 | grep at", 0, "z = 1.5; -2.25\n"},
    {"$J show tanh:2 --set 'z=1,5 2,5; 3,5 4' --batch 2", 2, "row 2 has 3 numbers"},
    {"$J show tanh:1 --set 'z=1,5;2' --batch 2 | grep at", 0, "z = 1.5; 2\n"},
    {"$J show tanh:3 --set 'z=1,5;2;-0,5' | grep at", 0, "z = 1.5 2 -0.5\n"},
    {"$J show tanh:2 --set 'z=1,5;2' --batch 2", 2, "z is 2, tanh:2 needs 2x2"},
    {"$J show log-softmax:3 | grep -c where", 1, "0\n"},
    {"$J show log-softmax:3 --entries symbols | grep -c where", 0, "1\n"},
    {"$J show batch-norm:2 --batch 2 --wrt beta | grep -c where", 0, "1\n"},
    {"$J show softmax:300 | tail -2", 0, "rows 1-20 of 300, columns 1-20 of 300"},
    {"$J chain linear:100x3 tanh --wrt z", 0, " of 100; --format json has all"},
    /* Of a wide factor the first parts, and it is said; the gradient stands whole. */
    {"COLUMNS=80 $J chain lstm:3x4,steps=3 linear:2 cross-entropy --wrt W1", 0,
     "\n  not all is shown: columns 1-12 of 48; --format json has all\n\nBackward"},
    {"COLUMNS=80 $J chain lstm:3x4,steps=3 linear:2 cross-entropy --wrt W1", 0,
     "columns 14-16 of 16"},
    {"$J quiz linear:1000x1000", 2, "too large to be asked about"},
    {"$J show --define 'y = sin(z)' --size z=1x2 --set 'z=1,5;2,5' | grep at", 0,
     "at z = 1.5 2.5\n"},
    {"$J show --define 'y = sin(z)' --set 'z=1,5;2,5'", 2,
     "z: are these decimal commas (2x1) or commas between numbers (2x2)?"},
    {"$J show --define 'y = sin(z)' --set 'z=1, 5; 2, 5' | grep at", 0,
     "at z = 1 5; 2 5\n"},
    {"$J show", 2, "no module is named: add one, as in linear:3x2"},
    {"$J show mse:2 --wrt z,z --entries symbols", 2,
     "`--entries closed` shows them as a"},
    {"$J show linear:2x2 mse --wrt W,W --entries both", 2,
     "`--entries closed` shows them"},
    {"$J show tanh:2 --set 'z=tensor([1., 2.], dtype=torch.float64)'", 0, "at z = 1 2\n"},
    {"$J show linear:2x2 --wrt z --set 'W=np.array([[1, 2],\n [3, 4]])'", 0,
     "and W = 1 2; 3 4\n"},
    {"$J show tanh:1 --set 'z=tensor(2.)'", 0, "at z = 2\n"},
    {"$J show tanh:1 --set 'z=f([2])'", 2, "is not a number"},
    {"$J show softmax:3 temperature=2", 2, "as in softmax:3,temperature=2"},
    {"$J derive 'f(x) = x^2'", 2, "a formula behind --define"},
    {"$J show linear:3x2 --max-memory 10", 2, "need 88 bytes"},
    {"$J show sofmax:3", 2, "no module is called 'sofmax': did you mean softmax?"},
    {"$J show soft:3", 2, "did you mean softmax?"},
    {"$J show linear:3", 2, "linear needs the sizes INxOUT"},
    {"$J show linear --what gradient --wrt W --format latex", 0, "^\\top \\delta"},
    {"LC_ALL=C.UTF-8 $J show linear --batch 1 --wrt W --annotate", 0, "I_{output} ⊗ z"},
    {"$J show linear:nxp --batch N --wrt z --form full --annotate --format latex", 0,
     "I_{N} \\otimes W^\\top"},
    {"$J show linear:nxp --what forward --format markdown", 0, "\\sum_{i=1}^{n}"},
    /* Gradients of a batch are those of a batch, or say that they are of one sample; what
       they name is said; weights of gates come gate by gate. */
    {"$J show linear:nxp,bias --what gradient --batch 3 --wrt b", 0, "1_{3}ᵀ δ"},
    {"$J show softmax --what gradient", 0, "dL/dz = δ ⊙ zᵏ − diag((δ ⊙ zᵏ) 1_{n}) zᵏ\n"},
    {"$J show softmax --what gradient --batch 1", 0, "dL/dz = δ ⊙ zᵏ − (δ zᵏᵀ) zᵏ\n"},
    {"$J show layer-norm --what gradient --wrt gamma", 0,
     "dL/dgamma = 1_{batch}ᵀ (δ ⊙ (c ⊘ s))\n"},
    {"$J show layer-norm --what gradient --wrt z", 0, "of one sample, a row of z"},
    {"$J show batch-norm --what gradient --wrt z --format latex", 0,
     "\\text{where}\\quad c = {z^{k-1}}"},
    {"$J show attention --what gradient --wrt Q", 0,
     "dL/dQ = (δ Vᵀ ⊙ S − diag((δ ⊙ zᵏ) 1_{dv}) S) K/√(d)\n"},
    {"$J show gru --what gradient --wrt W | grep -c 'dL/dW_[run] = zᵀ '", 0, "3\n"},
    {"$J show lstm --what gradient --wrt z", 2, "no gradient in matrices"},
    {"$J show conv2d:2x1x1,height=3,width=3 --wrt z --entries symbols --format latex", 0,
     "{@{\\,}ccc|ccc|ccc@{\\,}}"},
    {"$J show conv2d:2x1x1,height=3,width=3 --wrt z --entries symbols --format latex | "
     "grep -c hline",
     0, "1\n"},
    {"$J show rnn:2x2,steps=2 --wrt U --entries symbols", 0, "G¹₁₁ h₁₁ + G²₁₁ h¹₁"},
    {"$J show rnn:2x2,steps=2 --wrt U --entries symbols", 0,
     "where Gᵗ = Eᵗ diag(1 − hᵗ ⊙ hᵗ); Eᵗ⁻¹ = Gᵗ Uᵀ; E² = I\n"},
    {"$J show lstm:1x1,steps=3 --wrt W --entries symbols --format latex", 0,
     "\\text{where}\\quad h^{t} = o^{t} \\odot \\tanh(c^{t})"},
    {"$J show lstm:1x1,steps=3 --wrt W --entries symbols --format latex", 0,
     "E^{3} = \\begin{pmatrix} I \\\\ 0 \\end{pmatrix}"},
    {"$J chain lstm:1x1,steps=2 linear:2 cross-entropy --wrt W1 --entries symbols", 0,
     "  where sᵢ = exp(z²₁ᵢ)/(Σⱼ exp(z²₁ⱼ))\n"},
    {"$J chain lstm:1x1,steps=2 linear:2 cross-entropy --wrt W1 --entries symbols", 0,
     "E² = [I; 0]; C² = [0; I]"},
    {"$J chain rnn:1x1,steps=2 mse --wrt U", 0, "  At = diag(1 − hᵗ ⊙ hᵗ) Uᵀ\n"},
    {"$J chain lstm:1x1,steps=2 mse --wrt U --format markdown", 0,
     "D_{t} & \\operatorname{diag}(f^{t}) \\end{pmatrix}"},
    {"$J show mse,reduction=mean --what gradient", 0, "dL/dz = 2(z − y)/batch\n"},
    /* Letters that are sizes are these sizes' words; what nothing names is not explained;
       states stand side by side, each with its own dots. */
    {"$J show layer-norm:p --what definition | tail -1 | tr -d ' '", 0,
     "/p)^2)/p+eps)\n"},
    {"$J show attention --what definition | grep -c Y", 1, "0\n"},
    {"$J show lstm --what forward --format latex | grep -o '{h_{t}}_{1.*'", 0,
     "{h_{t}}_{1,1} & \\cdots & {h_{t}}_{1,hidden} & {c_{t}}_{1,1} & \\cdots & "
     "{c_{t}}_{1,hidden} \\\\\n"},
    {"$J show lstm --what definition --format latex | grep -c 'resizebox\\|s_'", 1,
     "0\n"},
    {"$J show linear:n×p --wrt z", 0, "w[n,p]"},
    {"$J show linear --form full --wrt W --format latex", 0, "z^{k-1}_{batch,input}"},
    {"$J show linear:n", 2, "linear needs the sizes INxOUT"},
    {"$J show linear:n-1xp", 2, "'n-1' is no size"},
    {"$J show glu", 2, "n features have no two halves"},
    {"$J show glu:4 --entries symbols", 0, "zᵏ₁₁  σ(zᵏ⁻¹₁₃)      ·      zᵏ⁻¹₁₁ σ"},
    /* The one of an indicator is no digit of the number before it. */
    {"$J show selu:2 --entries symbols", 0, "1.6732632423543772·1[zᵏ⁻¹₁₂ ≤ 0]"},
    {"$J show maxout:4 --entries symbols", 0, "1[zᵏ⁻¹₁₃ = maxₖ zᵏ⁻¹[1,2 + k]]"},
    {"$J show cross --wrt z --entries symbols", 0, "zᵏ₁₂   −y₁₃     0      y₁₁"},
    {"$J show rotate,by=axis,perturbation=left --wrt p --entries symbols", 0,
     "  zᵏ₁₁  L₂₁ v₃ − L₃₁ v₂"},
    {"$J show pose,by=quaternion,perturbation=right --wrt q --entries symbols", 0,
     "D = ∂(R x)/∂q; x = E z +"},
    {"$J show lstm:1x1 --wrt z --entries symbols", 0,
     "e₁(s_i₁ w₁₁ + s_f₁ w₁₂ + s_g₁ w₁₃) + s_o₁ w₁₄"},
    {"$J show gru:1x2 --wrt U --entries symbols", 0, "s_n₁ r_t₁ h₁₁"},
    {"$J show skew --entries symbols", 0, "zᵏ₁₆    −1      ·       ·"},
    {"$J show rotate,by=quaternion --wrt q --entries symbols", 0,
     "2(q₁₃ zᵏ⁻¹₁₁ − zᵏ⁻¹₁₂ q₁₂ − q₁₁ zᵏ⁻¹₁₃)"},
    {"$J show conv2d:1x1x1,height=2,width=2 --wrt W --entries symbols", 0,
     "zᵏ₁₂₁₁  zᵏ⁻¹₁₂₁₁"},
    /* Windows: a band, the windows row by row, blocks; at sizes, the module's own. */
    {"$J show conv1d --wrt z --format latex | tail -12 | head -6", 0,
     "  w_{1} & w_{2} & \\cdots & w_{K} & 0 & \\cdots & 0 \\\\\n"
     "  0 & w_{1} & w_{2} & \\cdots & w_{K} & \\ddots & \\vdots \\\\\n"},
    {"$J show conv1d:2x1x1,length=4 --wrt z --entries symbols --format latex | grep "
     "'&.*&'",
     0,
     "  w_{1,1,1} & w_{2,1,1} & 0 & 0 \\\\\n  0 & w_{1,1,1} & w_{2,1,1} & 0 \\\\\n"
     "  0 & 0 & w_{1,1,1} & w_{2,1,1}\n"},
    {"$J show conv1d --wrt W --format latex | grep 'K+1}'", 0,
     "  z^{k-1}_{2} & z^{k-1}_{3} & \\cdots & z^{k-1}_{K+1} \\\\\n"},
    {"$J show conv1d,bias --what forward", 0,
     "w[i]*z^(k-1)[l+i-1] + b, l = 1, ..., L-K+1"},
    {"$J show conv1d --what gradient --wrt W", 0,
     "dL/dw[i] = sum(l = 1:L-K+1) δ[l]*z^(k-1)[l+i-1]\n"},
    {"$J show avg-pool1d --what gradient", 0,
     "dL/dz^(k-1)[j] = δ[l]/K, l the window of j\n"},
    {"$J show max-pool1d --format markdown", 0,
     "m_{j} = \\mathbf{1}_{z^{k-1}_{j} = z^{k}_{l}}"},
    {"$J show conv1d --wrt q", 2, "has no variable 'q'"},
    {"$J show conv1d,stride=2 --wrt z 2>&1 >/dev/null", 0, "no general form"},
    {"$J show conv1d --wrt z --form full", 2, "no general form"},
    {"$J show conv2d --what gradient", 2,
     "as in `jacobian show conv2d:2x1x2,height=3,width=3,bias`"},
    {"$J show bilinear --wrt W --batch 1", 0, "∂y/∂W = zᵀ x"},
    {"$J show linear --entries numbers", 2, "symbols alone"},
    {"$J show linear --format json", 2, "not as json"},
    {"$J show linear --wrt z,W", 0, "∂²yᵢ/∂zⱼ∂Wₖₗ = δⱼₖ·δᵢₗ"},
    {"$J show linear --style tikz --format latex", 2, "--style amsmath alone"},
    {"$J show linear:nxp tanh", 2, "of one module"},
    {"$J show linear:0x2", 2, "sizes are whole numbers from 1 on"},
    {"$J show linear:3y2", 2, "sizes are whole numbers from 1 on"},
    {"$J show linear:99999999999999999999x1", 2, "a size is too large"},
    {"$J show linear:3x2,bas", 2, "linear has no option 'bas': did you mean bias?"},
    {"$J show linear:3x2,bias,bias", 2, "the option 'bias' stands there twice"},
    {"$J show linear:3x2,bias=1", 2, "the option bias takes no value"},
    {"$J show mse:3,reduction", 2, "the option reduction needs a value"},
    {"$J show mse:3,reduction=avg", 2, "none, sum or mean is needed"},
    {"$J show linear:3x2,", 2, "an option is missing after a comma"},
    {"$J show ''", 2, "is not a module"},
    {"$J show linear:3x2 --wrt w", 2, "has no variable 'w': did you mean W? (z, W)"},
    {"$J show linear:3x2 --wrt weight", 2, "did you mean W? (z, W)"},
    {"$J show linear:3x2 --wrt b", 2,
     "has no variable 'b' (z, W): write linear:3x2,bias"},
    {"$J show linear:3x4 tanh linear:2 --wrt bias", 2, "write linear:3x4,bias"},
    {"$J show linear:3x2,bias --wrt b1", 0, "with respect to b"},
    {"$J show linear:3x4 tanh linear:2,bias --wrt b2", 0, "with respect to b"},
    {"$J show linear:3x4 tanh linear:2,bias --wrt b1", 2, "has no variable 'b1'"},
    {"$J show conv1d:2x3x2,length=5 relu avg-pool1d:2 --wrt z --entries structure", 0,
     "4 × 15"},
    {"$J show conv1d:2x3x2,length=5 avg-pool1d:2,channels=1 --wrt z --entries structure",
     0, "4 × 15"},
    {"$J show conv1d:2x3x2,length=5 relu avg-pool1d:2 --wrt z --format csv >$D/a && "
     "$J show conv1d:2x3x2,length=5 relu avg-pool1d:2,channels=2 --wrt z --format csv | "
     "cmp - $D/a",
     0, ""},
    {"$J show ReLU:3", 0, "Jacobian of relu:3"},
    {"$J show nn.LogSoftmax:3", 0, "Jacobian of log-softmax:3"},
    {"$J show bn:3", 2, "did you mean batch-norm?"},
    {"$J show LeakyReLU:3,negative_slope=0.1", 2, "did you mean slope?"},
    {"$J show linear:3x2 --set 'z=[[1/3, 2, -1/2]]' --wrt W", 0, "0.3333   2   -0.5"},
    {"printf '1;0,5;2\n' >$D/comma.csv; $J show linear:3x2 --set z=@$D/comma.csv --wrt W",
     0, "at z = 1 0.5 2"},
    {"$J show softmax:3 --batch 2 --format npy --wrt z -o $D/two.npy; "
     "$J show linear:3x2 --set 'z=1 2 3;4 5 6'",
     2, "needs 1x3 (add --batch 2)"},
    {"$J show linear:3x2 --batch 0", 2, "--batch 0: a whole number from 1"},
    {"$J show linear:3x2 --bach 2", 2,
     "show has no option --bach: did you mean --batch?"},
    {"$J show linear:3x2 --wrt", 2, "the option --wrt needs a value"},
    {"$J show linear:3x2 -x", 2, "show has no option -x"},
    {"$J show linear:3x2 --form fulll", 2, "--form fulll: did you mean full?"},
    {"$J show linear:3x2 --batch 2 --form matrix", 2,
     "the matrix form is for one sample"},
    {"$J show mse:3,reduction=mean --batch 2 --form batch", 2, "samples are coupled"},
    {"$J show linear:3x2 --format cvs", 2, "did you mean csv?"},
    {"$J show linear:3x2 --format csv", 2, "choose a variable with --wrt"},
    {"$J show linear:3x2 --format svg", 2, "a svg file holds one Jacobian"},
    {"$J show linear:3x2 --wrt W -o $D/J.svg && cat $D/J.svg", 0, "</svg>"},
    {"$J show linear:3x2 --wrt W -o $D/J.PNG && head -c 4 $D/J.PNG | tail -c 3", 0,
     "PNG"},
    {"$J show linear:3x2 --wrt W --format png >/dev/full", 2, "cannot write"},
    {"$J show linear:3x2 --wrt W --format svg >/dev/full", 2, "cannot write"},
    {"$J show linear:3x2 --precision 99", 2, "a whole number from 1 to 17"},
    {"$J show linear:3x2 --seed x", 2, "a whole number from 0"},
    {"$J show linear:3x2 --max-memory 10", 2, "--max-memory"},
    {"$J show linear:3x2 --samples 1:1", 2, "npz, zarr"},
    {"$J show linear:3x2 --wrt W --samples 2:1 -o $D/x.npz", 2, "from 1 to 1"},
    {"$J show linear:3x2 --wrt W --batch 2 --form batch -o $D/x.npz", 2, "--form full"},
    {"$J show batch-norm:3 --wrt z --batch 2 --samples 1:1 -o $D/x.npz", 2, "coupled"},
    {"$J show linear:3x2 --wrt W --format zarr", 2, "name it with -o"},
    {"$J show linear:3x2 --wrt W -o $D/x.zarr && $J show linear:3x2 --wrt z -o $D/x.zarr",
     2, "is there already"},
    {"$J show linear:3x2 --wrt z --samples 1:1 -o $D/x.zarr", 2, "is another array"},
    {"$J show linear:4x3 --wrt W --batch 2 -o $D/y.zarr && ls -A $D/y.zarr | tr '\\n' ' "
     "'",
     0, ".zarray .zattrs 0.0.0 1.0.0"},
    {"$J show linear:30000x30000 --max-memory 8G", 2, "needs 196 TiB"},
    {"$J show linear:3000x3000 --wrt W --max-memory 1G", 2, "201 GiB"},
    {"$J show linear:512x512 --batch 64 --wrt W --max-memory 3G", 2,
     "--batch 3 would fit"},
    {"$J show linear:3x2 --set z=1,2", 2, "z"},
    {"$J show linear:3x2 --set z", 2, "NAME=VALUES"},
    {"$J show linear:3x2 --set q=1", 2, "has no variable 'q'"},
    {"$J show linear:3x2 --set 'z=1 2 x'", 2, "is not a number"},
    {"$J show linear:3x2 --set z=@$D/none.csv", 2, "none.csv"},
    {"$J show linear:3x2 --set z=@$D", 2, "directory"},
    {": >$D/empty.csv; $J show linear:3x2 --set z=@$D/empty.csv", 2, "empty"},
    {"printf '1,2\\n3\\n' >$D/r.csv; $J show linear:3x2 --set z=@$D/r.csv", 2, "r.csv:2"},
    {"$J show linear:3x2 -o $D/no/such.txt", 2, "such.txt"},
    {"$J show linear:3x2 >/dev/full", 2, "cannot write standard output"},
    {"$J show bce:2 --set 'z=1 0' --set 'y=1 0' --format csv --wrt z", 0, ",-1,1"},
    {"printf '1 2 3' | $J show linear:3x2 --set z=@- --wrt W", 0, "linear:3x2"},
    {"$J chain linear:3x4,bias tanh linear:4x2 cross-entropy --batch 3 --wrt W1", 0,
     "reverse mode   72"},
    {"$J chain rnn:1x2,steps=2 mse --wrt U", 0, "  h²₁  -0.1893     1.432"},
    {"$J chain rnn:1x2,steps=2 mse --wrt U --format json", 0, "\"use\": "},
    {"$J chain rnn:1x2,steps=2 mse --wrt U --format markdown", 0,
     "| $2$ | $1.444$ | $1.444$ | $0.9087$ | $1.084$ |\n"
     "| $1$ | $0.8509$ | $1.086$ | $0.6791$ | $0.7437$ |\n"},
    {"$J chain linear:3x2 tanh mse --wrt W --format latex", 0,
     "in the best order, $(J_{3} J_{2}) J_{1}$."},
    {"$J chain linear:3x2 tanh mse --wrt W --format markdown", 0,
     "in the best order, $(J_{3} J_{2}) J_{1}$."},
    {"$J chain rnn:1x2,steps=2 mse --wrt U --format latex", 0,
     "&A_{2} = \\frac{\\partial s_{2}}{\\partial s_{1}} = \\begin{pmatrix}\n"
     "  -0.1893 & \\phantom{-}1.4317 \\\\\n"},
    {"$J chain rnn:1x1,steps=6 --wrt U --format latex", 0,
     " = \\left.\\frac{\\partial s_{6}}{\\partial U}\\right|_{s_{5}} + "
     "A_{6} \\left.\\frac{\\partial s_{5}}{\\partial U}\\right|_{s_{4}} + \\cdots + "
     "A_{6} A_{5} \\cdots A_{2} \\left."},
    {"$J chain lstm:1x2,steps=2 --wrt z --format latex | grep -A1 'A_{2} ='", 0,
     " & 0 \\\\"},
    {"$J chain lstm:1x2,steps=2 --wrt z --format latex | grep -c 'steps share'", 1, "0"},
    {"$J chain lstm:1x2,steps=2 --wrt z | grep 'c²₁ '", 0, "·"},
    /* By several variables an overview, in about a page and a line's width; each row says
     * what shows more. */
    {"COLUMNS=80 $J chain lstm:3x4,steps=3 linear:2 cross-entropy | sed -n '46,$p' | "
     "wc -l",
     0, "0\n"},
    {"for s in 'gru:3x4,steps=20 linear:2 cross-entropy --batch 2' "
     "'linear:4x4 tanh linear:4 tanh linear:4 relu linear:4 layer-norm linear:2 mse' "
     "'multi-head:4,heads=2,mask=causal --batch 3'; do COLUMNS=80 $J chain $s | tail "
     "-n +2; done | LC_ALL=C.UTF-8 wc -L",
     0, "80\n"},
    {"$J chain lstm:3x4,steps=3 linear:2 cross-entropy", 0,
     "  W2        δ² ∂z²/∂w²    1 × 16  0.06592               --wrt W2\n"},
    {"$J chain rnn:1x1,steps=2 mse --set 'z=0.5 -1' --set h=0.2 --set W=0.7 --set U=0.9 "
     "--set b=0.1 --set y=0.3 | grep -E '^  [12] ' | awk '{ print $6 }' | tr '\\n' ' '",
     0, "0.4394 0.09759"},
    {"$J chain lstm:3x4,steps=3 linear:2 cross-entropy --all | grep -c '^The chain'", 0,
     "7\n"},
    {"$J chain linear:2x2 tanh --entries symbols | grep -c '^The chain'", 0, "2\n"},
    {"$J chain lstm:1x2,steps=2 mse --format json | grep -c '\"time\": '", 0, "6\n"},
    {"$J chain linear:2x2,W=A tanh linear:2x2,W=A", 0, "  A         a sum over 2 ways"},
    {"$J chain rnn:1x2,steps=20 mse --format markdown", 0, "| ... | ... |"},
    {"COLUMNS=80 $J modules lstm gru pose multi-head focal | LC_ALL=C.UTF-8 grep -cE "
     "'.{81}'",
     1, "0\n"},
    {"COLUMNS=80 $J chain rnn:2x3,steps=3 mse --wrt U | sed 1d | LC_ALL=C.UTF-8 grep -cE "
     "'.{81}'",
     1, "0\n"},
    {"COLUMNS=80 $J modules lstm", 0,
     "c_tₙⱼ = f_tₙⱼ cₙⱼ + i_tₙⱼ g_tₙⱼ;\n    i_tₙⱼ = σ(aₙⱼ); "},
    /* The factors once; of numbers by hand, what each use adds to the gradient. */
    {"$J chain rnn:1x2,steps=2 mse --all | grep -c 'stand above'", 0, "4\n"},
    {"$J chain rnn:1x2,steps=2 mse --all | grep -c '^A2 = '", 0, "5\n"},
    {"$J chain rnn:1x2,steps=2 mse --all | grep -c 'h²₁ '", 0, "1\n"},
    {"$J chain rnn:1x1,steps=2 mse --wrt U --set 'z=0.5 -1' --set h=0.2 --set W=0.7 "
     "--set "
     "U=0.9 --set b=0.1 --set y=0.3",
     0, "  0.4394 from step 2, 0.09759 from step 1\n"},
    {"$J chain rnn:3x4,steps=3 --wrt h | grep neither", 0, "at most 1 times as long"},
    {"$J chain linear:3x2 batch-norm --wrt W --batch 3", 0,
     "in full form: samples are coupled"},
    {"$J chain linear:3x2 softmax --wrt z --entries symbols", 0, "s₁(1 − s₁)"},
    {"$J chain linear:3x2 linear:5x2", 2,
     "linear:3x2 gives 2 features, linear:5x2 wants 5"},
    {"$J chain linear:3x4 tanh linear:2 mse --wrt W1 | "
     "grep -E 'from the left: ([0-9.]+e-1[4-9]|0)[.]$'",
     0, "The product from the right equals"},
    {"$J chain linear:3x4 tanh linear:2 mse --wrt W1 | "
     "grep -E 'largest difference ([0-9.]+e-1[4-9]|0)[.]$'",
     0, "largest difference"},
    {"$J chain softmax:3 --format json | grep -c delta", 0, "1"},
    {"$J chain linear:2x2 tanh --wrt W --format csv", 0,
     "J2 J1,1,\"z^{2}_{1,1}\",\"w_{1,1}\","},
    {"$J chain linear:2x2 tanh --format csv", 2, "choose a variable with --wrt"},
    {"$J chain linear:2x2 tanh --wrt z --entries symbols", 0, "Evaluated"},
    {"$J show linear:2x2 tanh --entries symbols", 2, "factor by factor"},
    {"$J show mse:3,reduction=mean --batch 2 --form batch --format json", 2, "coupled"},
    {"$J chain tanh:4 avg-pool1d:2 --entries structure", 0, "J2"},
    {"$J show linear:3x4 tanh linear:2 --wrt W2 --batch 2 --form full", 0, "4 × 8"},
    {"$J show linear:3x4 tanh linear:2 --wrt W9", 2, "(z, W1, W2)"},
};

START_TEST(lines_answer) {
  shell_line_answers(&lines[_i]);
}
END_TEST

START_TEST(show_json_is_the_design_s) {
  json_t *json = shell_json("$J show linear:2x2 --wrt W --set 'z=3 4' --format json");
  static const char *const keys[] = {"module", "wrt",  "batch",   "form",   "order",
                                     "shape",  "rows", "columns", "values", "symbols"};
  for (size_t k = 0; k < 10; k++)
    ck_assert_msg(json_object_get(json, keys[k]) != NULL, "%s", keys[k]);
  ck_assert_uint_eq(json_object_size(json), 10);
  ck_assert_str_eq(json_string_value(json_array_get(json_object_get(json, "rows"), 1)),
                   "z^{k}_{1,2}");
  ck_assert_str_eq(json_string_value(json_array_get(json_object_get(json, "columns"), 1)),
                   "w_{2,1}");
  json_t *row = json_array_get(json_object_get(json, "values"), 0);
  static const double expected[] = {3, 4, 0, 0};
  for (size_t k = 0; k < 4; k++)
    ck_assert_double_eq(json_number_value(json_array_get(row, k)), expected[k]);
  json_t *symbols = json_array_get(json_object_get(json, "symbols"), 1);
  static const char *const texts[] = {"0", "0", "z^{k-1}_{1,1}", "z^{k-1}_{1,2}"};
  for (size_t k = 0; k < 4; k++)
    ck_assert_str_eq(json_string_value(json_array_get(symbols, k)), texts[k]);
  json_decref(json);
  json = shell_json("$J show linear:2x2,bias --format json");
  ck_assert_uint_eq(json_array_size(json), 3);
  json_decref(json);
}
END_TEST

Suite *cli_show_suite(void);
Suite *cli_show_suite(void) {
  Suite *suite = suite_create("cli_show");
  TCase *tc = shell_case();
  tcase_add_loop_test(tc, lines_answer, 0, (int)(sizeof lines / sizeof lines[0]));
  tcase_add_test(tc, show_json_is_the_design_s);
  suite_add_tcase(suite, tc);
  return suite;
}
